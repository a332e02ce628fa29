package io.forebay.app;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.StateWatch;

/// Removals of empty buckets that ended with an earlier process: the bucket would refuse writes for good.
///
/// Only a gateway seals a bucket, while it looks whether that is empty: so nobody does when the only one starts. Where
/// there are several, another one may be at it, and the seals are left alone.
final class InterruptedRemovals {
    private final CommandLog log;
    private final StateWatch watch;

    InterruptedRemovals(CommandLog log, StateWatch watch) {
        this.log = log;
        this.watch = watch;
    }

    /// Takes the seals back. Only before this process answers any request.
    void takeBack() {
        long gateways = watch.current().nodes().values().stream()
                .filter(node -> node.role() == Node.Role.GATEWAY)
                .count();
        if (gateways > 1) {
            return;
        }
        for (Bucket bucket : watch.current().buckets().values()) {
            if (bucket.sealed()) {
                // Refused when the bucket is gone, which is as good.
                log.submit(new Command.SealBucket(bucket.name(), bucket.id(), false));
            }
        }
    }
}
