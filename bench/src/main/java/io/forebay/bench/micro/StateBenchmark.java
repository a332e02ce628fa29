package io.forebay.bench.micro;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.common.model.BucketName;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// Commands on a state of 100 buckets. Each makes a new state, so the cost grows with the number of buckets: these
/// are decisions of people, not of requests.
public class StateBenchmark extends MicroBenchmark {
    private static final int BUCKETS = 100;

    private final Command create = new Command.CreateBucket(BucketName.of("one-more"), 1, Map.of());
    private final Command change = new Command.SetBucketProperties(BucketName.of("bucket7"), Map.of("access", "255"));
    private ClusterState state = ClusterState.EMPTY;

    @Setup
    public void createBuckets() {
        for (int index = 0; index < BUCKETS; index++) {
            state = state.apply(new Command.CreateBucket(BucketName.of("bucket" + index), 1, Map.of()))
                    .state();
        }
    }

    @Benchmark
    @Allocates(atMost = 10_000)
    public Applied createBucket() {
        return state.apply(create);
    }

    @Benchmark
    @Allocates(atMost = 10_000)
    public Applied setProperties() {
        return state.apply(change);
    }
}
