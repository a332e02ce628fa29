package io.forebay.bench.micro;

import io.forebay.cluster.codec.StateCodec;
import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// What a node does with the state of a cluster of 1,000 storage nodes and 10,000 buckets: it gets it whole, applies a
/// command to it, and routes by it.
public class LargeStateBenchmark extends MicroBenchmark {
    private static final int NODES = 1_000;
    private static final int BUCKETS = 10_000;

    private final ObjectKey key = new ObjectKey(BucketName.of("bucket7"), "train/n01440764/n01440764_10026.JPEG");
    private final Command change = new Command.SetPhase(new NodeId("node7"), Node.Phase.MAINTENANCE);
    private ClusterState state = ClusterState.EMPTY;
    private Placements placements = Placements.of(state);
    private byte[] bytes = {};

    @Setup
    public void grow() {
        for (int index = 0; index < NODES; index++) {
            apply(new Command.Join(new Node(
                    new NodeId("node" + index),
                    Node.Role.STORAGE,
                    "http://10.0.0.1:" + (8000 + index),
                    "http://10.0.0.1:" + (9000 + index),
                    Node.Phase.ACTIVE)));
            if (!state.isSettled()) {
                long newest = state.newestEpoch().number();
                apply(new Command.Activate(newest));
                apply(new Command.Settle(newest));
            }
        }
        for (int index = 0; index < BUCKETS; index++) {
            apply(new Command.CreateBucket(BucketName.of("bucket" + index), 1, Map.of()));
        }
        placements = Placements.of(state);
        bytes = StateCodec.encode(state);
        if (state.nodes().size() != NODES || state.buckets().size() != BUCKETS) {
            throw new IllegalStateException("a command was refused: " + state.version());
        }
    }

    private void apply(Command command) {
        state = state.apply(command).state();
    }

    /// From the bytes that another node sent to owners that can be asked for.
    @Benchmark
    @Allocates(atMost = 20_000_000)
    public Placements decode() {
        return Placements.of(StateCodec.decode(bytes));
    }

    /// A node goes into maintenance.
    @Benchmark
    @Allocates(atMost = 500_000)
    public Placements apply() {
        return Placements.of(state.apply(change).state());
    }

    /// Routing a request.
    @Benchmark
    @Allocates(atMost = 160)
    public Node owner() {
        return placements.primary(key);
    }
}
