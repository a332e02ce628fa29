package io.forebay.cluster.state;

import io.forebay.common.model.NodeId;
import java.util.ArrayList;
import java.util.List;

/// How the list of epochs of a state changes. The last epoch is the newest owner set; those in front of it
/// are not settled: objects may still be where they placed them.
final class EpochList {
    /// So many owner sets may be unsettled at once. Each one is asked about a key that the newest does not
    /// know.
    static final int MAX = 32;

    private EpochList() {}

    /// The list after the owner set changed. A pending epoch never served, so it is replaced.
    ///
    /// @param settled whether there is nothing that could be where an earlier epoch placed it
    static List<Epoch> changed(List<Epoch> epochs, List<NodeId> owners, boolean settled) {
        long number = epochs.isEmpty() ? 1 : epochs.getLast().number() + 1;
        if (settled) {
            return List.of(new Epoch(number, owners, true));
        }
        List<Epoch> next = new ArrayList<>(epochs);
        if (!next.isEmpty() && !next.getLast().active()) {
            next.removeLast();
        }
        if (!next.isEmpty() && next.getLast().owners().equals(owners)) {
            // Under a number of its own: whoever prepared the dropped epoch must not be taken to have prepared the
            // next one that is made.
            next.removeLast();
            next.add(new Epoch(number, owners, true));
            return List.copyOf(next);
        }
        next.add(new Epoch(number, owners, next.isEmpty()));
        return List.copyOf(next);
    }

    /// The list with its last epoch active. Earlier epochs of the same owners need no place of their own:
    /// whoever holds what those placed is a holder now.
    static List<Epoch> activated(List<Epoch> epochs) {
        Epoch last = epochs.getLast().activated();
        List<Epoch> next = new ArrayList<>();
        for (Epoch epoch : epochs.subList(0, epochs.size() - 1)) {
            if (!epoch.owners().equals(last.owners())) {
                next.add(epoch);
            }
        }
        next.add(last);
        return List.copyOf(next);
    }
}
