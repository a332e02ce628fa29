package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `forebay server|gateway|storage-node` have in common: options that are settings too, and a process
/// that runs until it is told to stop.
@Command(mixinStandardHelpOptions = true)
abstract class ProcessCommand implements Runnable {
    private final PrintStream out;
    private final GivenKeys given;
    private final ServerRole role;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of everything that is kept (./data).")
    private @Nullable String data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Data port (127.0.0.1:8080).")
    private @Nullable String listen;

    @Option(names = "--control", paramLabel = "HOST:PORT", description = "Control port (127.0.0.1:8081).")
    private @Nullable String control;

    @Option(
            names = "--join",
            paramLabel = "URL",
            description = "Control port of a gateway of the cluster to join; repeatable. Only at the first start: the"
                    + " data folder remembers it.")
    private List<String> join = new ArrayList<>();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token of the cluster to join, as 'forebay cluster token' prints it; or FOREBAY_TOKEN in the"
                    + " environment. Only at the first start.")
    private @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File that holds the token.")
    private @Nullable String tokenFile;

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(names = "--auth", paramLabel = "on|off", description = "Whether callers prove who they are (off).")
    private @Nullable String auth;

    @Option(names = "--insecure", description = "Allow ports beyond loopback without authentication.")
    private boolean insecure;

    ProcessCommand(PrintStream out, GivenKeys given, ServerRole role) {
        this.out = out;
        this.given = given;
        this.role = role;
    }

    /// Adds what the options of one kind of process say.
    abstract void putOwn(Map<String, String> values);

    @Override
    public void run() {
        Server server = new Server(Settings.of(ForebayConfig.class).bind(settings()), given, role);
        server.start();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
        out.print(server.banner());
        out.println("ready " + server.dataUrl());
        try {
            server.awaitEnd();
            server.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the file says, then `--set`, then the options: the later wins.
    private Map<String, String> settings() {
        Map<String, String> values = options.values();
        put(values, "server.data", data);
        put(values, "server.listen", listen);
        put(values, "server.control", control);
        put(values, "join.gateways", join.isEmpty() ? null : joined("--join", join));
        put(values, "join.token", token);
        put(values, "join.token-file", tokenFile);
        put(values, "server.auth", auth);
        put(values, "server.insecure", insecure ? "true" : null);
        putOwn(values);
        return values;
    }

    /// Several values of one option as one setting.
    static String joined(String option, List<?> parts) {
        for (Object part : parts) {
            Check.argument(!part.toString().contains(","), "%s \"%s\" must not contain a comma", option, part);
        }
        return parts.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    static void put(Map<String, String> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
