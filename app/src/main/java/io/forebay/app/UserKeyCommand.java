package io.forebay.app;

import io.forebay.protocol.api.UserCredentials;
import io.forebay.protocol.api.UserOrder;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `forebay user add|rotate` have in common: keys that were chosen, or are made, and are shown once.
@Command(mixinStandardHelpOptions = true)
abstract class UserKeyCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The user's name: 1 to 64 letters, digits and + = , . @ _ -")
    private String name = "";

    @Option(
            names = "--access-key",
            paramLabel = "KEY",
            description = "Access key: 3 to 128 letters, digits, '.', '_' or '-' (one is made).")
    private String accessKey = "";

    @Option(
            names = "--secret-key",
            paramLabel = "SECRET",
            defaultValue = "${env:FOREBAY_USER_SECRET_KEY:-}",
            description = "Its secret: 8 to 128 characters (one is made); or FOREBAY_USER_SECRET_KEY in the"
                    + " environment, where other users of the machine do not see it.")
    private String secretKey = "";

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    UserKeyCommand(PrintStream out) {
        this.out = out;
    }

    /// The order for these keys.
    abstract UserOrder order(String user, String access, String secret);

    @Override
    public void run() {
        byte[] answer = server.post("/admin/users", order(name, accessKey, secretKey));
        out.print(
                json ? new String(answer, StandardCharsets.UTF_8) : text(WireJson.read(answer, UserCredentials.class)));
    }

    private static String text(UserCredentials made) {
        return "user        " + made.name() + "\n"
                + "access key  " + made.accessKey() + "\n"
                + "secret key  " + made.secretKey() + "  (shown this once)\n"
                + "token       " + made.token() + "  (of AIStore clients)\n"
                + "id          " + made.canonicalId() + "  (S3's, of owners and grants)\n";
    }

    /// `forebay user add NAME`.
    @Command(name = "add", description = "Adds a user, who may create buckets and do everything with these.")
    static final class Add extends UserKeyCommand {
        @Option(names = "--admin", description = "The user may do everything, as root.")
        private boolean administrator;

        Add(PrintStream out) {
            super(out);
        }

        @Override
        UserOrder order(String user, String access, String secret) {
            return new UserOrder("add", user, administrator, access, secret, false);
        }
    }

    /// `forebay user rotate NAME`.
    @Command(
            name = "rotate",
            description = "Gives a user new keys. Those before go on working until the next rotation, so that clients"
                    + " can be changed one by one.")
    static final class Rotate extends UserKeyCommand {
        @Option(names = "--now", description = "Those before are forgotten at once.")
        private boolean forgetAll;

        Rotate(PrintStream out) {
            super(out);
        }

        @Override
        UserOrder order(String user, String access, String secret) {
            return new UserOrder("rotate", user, false, access, secret, forgetAll);
        }
    }
}
