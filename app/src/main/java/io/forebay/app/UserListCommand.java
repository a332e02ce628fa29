package io.forebay.app;

import io.forebay.protocol.api.UserList;
import io.forebay.protocol.api.WireJson;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `forebay user list`: every user of a running cluster.
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the users: whether administrator, whether enabled, their access keys (newest first) and"
                + " S3's id of each. Secrets are not shown: they are only when they are made.")
final class UserListCommand implements Runnable {
    private final PrintStream out;

    @Mixin
    private ControlClient server = new ControlClient();

    @Option(names = "--json", description = "Print the server's answer as it is.")
    private boolean json;

    UserListCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public void run() {
        byte[] answer = server.get("/admin/users");
        if (json) {
            out.print(new String(answer, StandardCharsets.UTF_8));
        } else {
            out.print(UserTable.of(WireJson.read(answer, UserList.class)));
        }
    }
}
