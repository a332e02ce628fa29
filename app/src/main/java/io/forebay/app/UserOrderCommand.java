package io.forebay.app;

import io.forebay.protocol.api.UserList;
import io.forebay.protocol.api.UserOrder;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `forebay user enable|disable|remove` have in common: an order about one user, answered by the users as they are
/// then.
@Command(mixinStandardHelpOptions = true)
abstract class UserOrderCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Parameters(index = "0", paramLabel = "NAME", description = "The user's name, as forebay user list shows it.")
    private String name = "";

    UserOrderCommand(PrintStream out) {
        this.out = out;
    }

    abstract String action();

    boolean force() {
        return false;
    }

    @Override
    public void run() {
        byte[] answer = server.post("/admin/users", new UserOrder(action(), name, false, "", "", force()));
        out.print(UserTable.of(WireJson.read(answer, UserList.class)));
    }

    /// `forebay user enable NAME`.
    @Command(name = "enable", description = "Accepts the keys of a user who was disabled.")
    static final class Enable extends UserOrderCommand {
        Enable(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return "enable";
        }
    }

    /// `forebay user disable NAME`.
    @Command(name = "disable", description = "Refuses the keys of a user, who stays and keeps all buckets.")
    static final class Disable extends UserOrderCommand {
        Disable(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return "disable";
        }
    }

    /// `forebay user remove NAME`.
    @Command(name = "remove", description = "Removes a user for good. Refused while the user owns buckets.")
    static final class Remove extends UserOrderCommand {
        @Option(names = "--force", description = "Also when the user owns buckets: they are root's then.")
        private boolean force;

        Remove(PrintStream out) {
            super(out);
        }

        @Override
        String action() {
            return "remove";
        }

        @Override
        boolean force() {
            return force;
        }
    }
}
