package io.forebay.storage.rebalance;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.Held;
import io.forebay.storage.object.OldRemoval;
import io.forebay.storage.peer.Survey;
import io.forebay.storage.peer.View;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Says which removals need not be remembered any more: those that the key's primary has made as well.
///
/// A holder may have made a removal that failed elsewhere and was never acknowledged. Forgotten, it would leave the
/// primary's object without this copy; so the primary is asked, and writes its object above the removal.
final class ForgottenRemovals {
    private static final System.Logger LOG = System.getLogger(ForgottenRemovals.class.getName());

    private final Survey survey;

    ForgottenRemovals(Survey survey) {
        this.survey = survey;
    }

    private record Asked(NodeId primary, Bucket bucket) {}

    /// Those of some old removals, under a view in which everything is settled.
    List<OldRemoval> among(View view, List<OldRemoval> removals) {
        Map<Long, Bucket> buckets = new HashMap<>();
        view.state().buckets().values().forEach(bucket -> buckets.put(bucket.id(), bucket));
        List<OldRemoval> forgotten = new ArrayList<>();
        Map<Asked, List<OldRemoval>> doubtful = new HashMap<>();
        for (OldRemoval removal : removals) {
            Bucket bucket = buckets.get(removal.bucketId());
            if (bucket == null) {
                forgotten.add(removal);
            } else if (!view.mayHaveMore(bucket.name())) {
                List<NodeId> holders = holders(view, bucket, removal);
                if (holders.indexOf(survey.self()) > 0) {
                    doubtful.computeIfAbsent(new Asked(holders.getFirst(), bucket), asked -> new ArrayList<>())
                            .add(removal);
                } else {
                    forgotten.add(removal);
                }
            }
        }
        doubtful.forEach((asked, some) -> forgotten.addAll(made(view, asked, some)));
        return forgotten;
    }

    private static List<NodeId> holders(View view, Bucket bucket, OldRemoval removal) {
        return view.placements().holders(key(bucket, removal), bucket).stream()
                .map(Node::id)
                .toList();
    }

    private static ObjectKey key(Bucket bucket, OldRemoval removal) {
        return new ObjectKey(bucket.name(), removal.name(), removal.version());
    }

    private List<OldRemoval> made(View view, Asked asked, List<OldRemoval> removals) {
        List<Survey.Entry> entries = removals.stream()
                .map(removal -> Survey.Entry.of(key(asked.bucket, removal), new Held(removal.stamp(), null)))
                .toList();
        try {
            Set<ObjectKey> unmade = new HashSet<>();
            survey.unmade(asked.primary, view, asked.bucket, entries).forEach(entry -> unmade.add(entry.key()));
            return removals.stream()
                    .filter(removal -> !unmade.contains(key(asked.bucket, removal)))
                    .toList();
        } catch (StoreException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} removals stay remembered, since {1} does not say whether it has made them: {2}",
                    removals.size(),
                    asked.primary,
                    e.text());
            return List.of();
        }
    }
}
