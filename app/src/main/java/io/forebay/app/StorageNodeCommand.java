package io.forebay.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay storage-node`: a storage node of a cluster.
@Command(
        name = "storage-node",
        description = "Starts a storage node, which joins a cluster at its first start (--join, --token).")
final class StorageNodeCommand extends ProcessCommand {
    @Option(
            names = "--volume",
            paramLabel = "DIR",
            description = "Folder of a volume, best one a disk; repeatable (one inside the data folder)."
                    + " Volumes stay until 'forebay volume remove'.")
    private List<Path> volumes = new ArrayList<>();

    StorageNodeCommand(PrintStream out, GivenKeys given) {
        super(out, given, ServerRole.STORAGE_NODE);
    }

    @Override
    void putOwn(Map<String, String> values) {
        put(values, "server.volumes", volumes.isEmpty() ? null : joined("--volume", volumes));
    }
}
