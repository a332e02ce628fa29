package io.forebay.bench.micro;

import io.forebay.cluster.placement.Placement;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;

/// The owner of a key in a map of 16 nodes.
public class PlacementBenchmark extends MicroBenchmark {
    private static final int NODES = 16;

    private final ObjectKey key = new ObjectKey(BucketName.of("imagenet"), "train/n01440764/n01440764_10026.JPEG");
    private Placement placement = Placement.of(ClusterState.EMPTY);

    @Setup
    public void joinNodes() {
        ClusterState state = ClusterState.EMPTY;
        for (int index = 0; index < NODES; index++) {
            Node node = new Node(
                    new NodeId("node" + index),
                    Node.Role.STORAGE,
                    "http://127.0.0.1:" + (8000 + index),
                    "http://127.0.0.1:" + (9000 + index),
                    Node.Phase.ACTIVE);
            state = state.apply(new Command.Join(node)).state();
        }
        placement = Placement.of(state);
    }

    /// The unique name as bytes, its wrapper, and nothing for the nodes.
    @Benchmark
    @Allocates(atMost = 160)
    public Node owner() {
        return placement.owner(key);
    }
}
