package io.forebay.app;

import io.forebay.protocol.api.VolumeLists;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `forebay volume list`: every volume of a running cluster.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the volumes of all storage nodes: state, space, objects, and what the mover has left.")
final class VolumeListCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    VolumeListCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        byte[] answer = server.get("/admin/volumes");
        if (json) {
            out.print(new String(answer, StandardCharsets.UTF_8));
        } else {
            out.print(VolumeTable.of(WireJson.read(answer, VolumeLists.class)));
        }
    }
}
