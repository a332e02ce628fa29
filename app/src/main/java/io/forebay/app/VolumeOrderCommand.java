package io.forebay.app;

import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `forebay volume add|enable|disable|drain|remove` have in common: an order to a running server,
/// answered by the volumes as they are then.
@Command(mixinStandardHelpOptions = true)
abstract class VolumeOrderCommand implements Runnable {
    private final PrintStream out;
    private final String action;

    @Mixin
    private ControlClient server = new ControlClient();

    @Option(names = "--node", paramLabel = "NODE", description = "Storage node, where there are several.")
    private String node = "";

    VolumeOrderCommand(PrintStream out, String action) {
        this.out = out;
        this.action = action;
    }

    /// The volume that is meant: an id or a folder.
    abstract String volume();

    VolumeOrder order(String what, String node) {
        return new VolumeOrder(what, volume(), node);
    }

    @Override
    public void run() {
        byte[] answer = server.post("/admin/volumes", order(action, node));
        out.print(VolumeTable.of(new VolumeLists(List.of(WireJson.read(answer, VolumeList.class)))));
    }

    /// `forebay volume add DIR`.
    @Command(
            name = "add",
            description = "Takes a folder (on the server's machine) into service as a further volume; objects that"
                    + " belong there by their hash are moved to it in the background.")
    static final class Add extends VolumeOrderCommand {
        @Parameters(paramLabel = "DIR", description = "The folder, empty or not there yet.")
        private Path folder = Path.of("");

        Add(PrintStream out) {
            super(out, "add");
        }

        @Override
        String volume() {
            return folder.toAbsolutePath().normalize().toString();
        }
    }

    /// Orders about a volume that is there.
    abstract static class Known extends VolumeOrderCommand {
        @Parameters(paramLabel = "ID", description = "The volume's id, or its folder.")
        private String volume = "";

        Known(PrintStream out, String action) {
            super(out, action);
        }

        @Override
        String volume() {
            return volume;
        }
    }

    /// `forebay volume enable ID`.
    @Command(
            name = "enable",
            description = "Lets a volume take writes again, or brings one back that was disabled or has failed.")
    static final class Enable extends Known {
        Enable(PrintStream out) {
            super(out, "enable");
        }
    }

    /// `forebay volume disable ID`.
    @Command(
            name = "disable",
            description = "Takes a volume out of service and closes it, with what it has. Its objects are unavailable"
                    + " and listings are refused until it is enabled again or removed.")
    static final class Disable extends Known {
        Disable(PrintStream out) {
            super(out, "disable");
        }
    }

    /// `forebay volume drain ID`.
    @Command(
            name = "drain",
            description = "Lets a volume be read only, and moves its objects to the others in the background: see TO"
                    + " MOVE in 'forebay volume list'.")
    static final class Drain extends Known {
        Drain(PrintStream out) {
            super(out, "drain");
        }
    }

    /// `forebay volume remove ID`.
    @Command(
            name = "remove",
            description = "Takes a drained and empty volume away for good; with --force any, whose objects are lost.")
    static final class Remove extends Known {
        @Option(names = "--force", description = "Lose what is still on the volume.")
        private boolean force;

        @Option(
                names = "--forget-changes",
                description = "With --force: remove the volume even when it alone knows which objects of other volumes"
                        + " were overwritten or removed while those were out of service, and cannot be read. Such"
                        + " objects come back as they were.")
        private boolean forgetChanges;

        Remove(PrintStream out) {
            super(out, "remove");
        }

        @Override
        VolumeOrder order(String what, String node) {
            return new VolumeOrder(what, volume(), node, force, forgetChanges);
        }
    }
}
