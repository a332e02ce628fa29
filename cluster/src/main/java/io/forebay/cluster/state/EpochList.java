package io.forebay.cluster.state;

import io.forebay.cluster.state.Epoch.Phase;
import io.forebay.common.model.NodeId;
import java.util.ArrayList;
import java.util.List;

/// How the list of epochs of a state changes.
///
/// The first of the list, the *base*, is settled: what was written before it is on all the holders that it
/// gives. It goes only with `settled`, because whoever was away since before it learns from it which of
/// its objects others have changed without it. The last is the newest owner set. Objects may be where any
/// of the list places them.
final class EpochList {
    /// So many owner sets may be unsettled at once. Each one is asked about a key that the newest does not
    /// know.
    static final int MAX = 32;

    /// Beyond so many owner sets only nodes that fail or leave make another one.
    static final int MAX_GROWING = 24;

    private EpochList() {}

    /// The list after the owner set changed, or has to look again at what its objects need. A pending epoch
    /// never served, so it is replaced, under a number of its own: whoever prepared it has not prepared the one
    /// in its place.
    ///
    /// @param settled whether there is nothing that could be where an earlier epoch placed it
    static List<Epoch> changed(List<Epoch> epochs, List<NodeId> owners, boolean settled) {
        long number = epochs.isEmpty() ? 1 : epochs.getLast().number() + 1;
        if (settled || epochs.isEmpty()) {
            return List.of(new Epoch(number, owners, Phase.SETTLED));
        }
        List<Epoch> next = new ArrayList<>(epochs);
        if (!next.getLast().serves()) {
            next.removeLast();
        }
        next.add(new Epoch(number, owners, Phase.PENDING));
        return List.copyOf(next);
    }

    /// The list with its last epoch active. Earlier ones of the same owners need no place of their own,
    /// but for the base: whoever holds what those placed is a holder now, and the primary of a key is the same.
    static List<Epoch> activated(List<Epoch> epochs) {
        Epoch last = epochs.getLast().in(Phase.ACTIVE);
        List<Epoch> next = new ArrayList<>();
        next.add(epochs.getFirst());
        for (Epoch epoch : epochs.subList(1, epochs.size() - 1)) {
            if (!epoch.owners().equals(last.owners())) {
                next.add(epoch);
            }
        }
        next.add(last);
        return List.copyOf(next);
    }

    /// The list when every object is on all its holders under the last one.
    static List<Epoch> settled(List<Epoch> epochs) {
        return List.of(epochs.getLast().in(Phase.SETTLED));
    }
}
