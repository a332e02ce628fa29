package io.forebay.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay server`: a whole cluster in one process, or a part of a larger one.
@Command(
        name = "server",
        description = "Starts a complete cluster in this process: one gateway and N storage nodes. Others may join it.")
final class ServerCommand extends ProcessCommand {
    @Option(names = "--storage-nodes", paramLabel = "N", description = "Storage nodes, at the first start (1).")
    private @Nullable String storageNodes;

    @Option(
            names = "--volume",
            paramLabel = "DIR",
            description = "Folder of a volume, best one a disk; repeatable (one inside the data folder)."
                    + " Volumes stay until 'forebay volume remove'. With several storage nodes each uses"
                    + " DIR/storage-node-N.")
    private List<Path> volumes = new ArrayList<>();

    @Option(names = "--region", paramLabel = "REGION", description = "Region that S3 clients see (us-east-1).")
    private @Nullable String region;

    ServerCommand(PrintStream out, GivenKeys given) {
        super(out, given, ServerRole.SERVER);
    }

    @Override
    void putOwn(Map<String, String> values) {
        put(values, "server.storage-nodes", storageNodes);
        put(values, "server.volumes", volumes.isEmpty() ? null : joined("--volume", volumes));
        put(values, "gateway.s3.region", region);
    }
}
