package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Secret;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.HttpClient;
import java.nio.file.Path;
import java.util.Map;

/// A process to be killed: makes buckets without end and prints the number of each once it is acknowledged.
final class RaftWriterMain {
    private RaftWriterMain() {}

    public static void main(String[] arguments) {
        RaftCommandLog log = new RaftCommandLog(
                Settings.defaults(RaftConfig.class),
                parts(new NodeId("node1"), Path.of(arguments[0]), new CurrentState(), new Metrics()),
                new Membership.Founding());
        log.start();
        for (int number = Integer.parseInt(arguments[1]); ; number++) {
            log.submit(new Command.CreateBucket(BucketName.of("b" + number), number, Map.of()));
            System.out.println(number);
        }
    }

    /// Of a member that is alone.
    static RaftParts parts(NodeId self, Path folder, CurrentState state, Metrics metrics) {
        HttpClient nobody = (url, request, body) -> {
            throw new IllegalStateException("a group of one calls " + url);
        };
        return new RaftParts(
                new Peer(self, "http://127.0.0.1:1"), folder, nobody, new Secret("secret"), state, metrics);
    }
}
