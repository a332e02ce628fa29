package io.forebay.cluster.raft;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.nio.file.Path;
import java.util.Map;

/// A process to be killed: makes buckets without end and prints the number of each once it is acknowledged.
final class RaftWriterMain {
    private RaftWriterMain() {}

    public static void main(String[] arguments) {
        RaftCommandLog log = new RaftCommandLog(
                Settings.defaults(RaftConfig.class),
                new NodeId("node1"),
                Path.of(arguments[0]),
                new CurrentState(),
                new Metrics());
        log.start();
        for (int number = Integer.parseInt(arguments[1]); ; number++) {
            log.submit(new Command.CreateBucket(BucketName.of("b" + number), number, Map.of()));
            System.out.println(number);
        }
    }
}
