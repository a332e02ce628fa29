package io.forebay.app;

import io.forebay.common.config.Settings;
import io.forebay.common.config.SettingsFile;
import io.forebay.common.error.Check;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `forebay server`: a whole cluster in one process, until it is told to stop.
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        description = "Starts a complete cluster in this process: one gateway and N storage nodes.")
final class ServerCommand implements Runnable {
    private final PrintStream out;
    private final GivenKeys keys;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder of everything that is kept (./data).")
    private @Nullable String data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Data port (127.0.0.1:8080).")
    private @Nullable String listen;

    @Option(names = "--control", paramLabel = "HOST:PORT", description = "Control port (127.0.0.1:8081).")
    private @Nullable String control;

    @Option(names = "--storage-nodes", paramLabel = "N", description = "Storage nodes, at the first start (1).")
    private @Nullable String storageNodes;

    @Option(
            names = "--volume",
            paramLabel = "DIR",
            description = "Folder of a volume, best one a disk; repeatable (one inside the data folder)."
                    + " Volumes stay until 'forebay volume remove'. With several storage nodes each uses"
                    + " DIR/storage-node-N.")
    private List<Path> volumes = new ArrayList<>();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file: see forebay config.")
    private @Nullable Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, as in a settings file.")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--auth", paramLabel = "on|off", description = "Whether callers prove who they are (off).")
    private @Nullable String auth;

    @Option(names = "--region", paramLabel = "REGION", description = "Region that S3 clients see (us-east-1).")
    private @Nullable String region;

    @Option(names = "--insecure", description = "Allow ports beyond loopback without authentication.")
    private boolean insecure;

    ServerCommand(PrintStream out, GivenKeys keys) {
        this.out = out;
        this.keys = keys;
    }

    @Override
    public void run() {
        Server server = new Server(Settings.of(ForebayConfig.class).bind(settings()), keys);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread stop = new Thread(
                () -> {
                    server.close();
                    stopped.countDown();
                },
                "stop");
        server.start();
        Runtime.getRuntime().addShutdownHook(stop);
        out.print(server.banner());
        out.println("ready " + server.dataUrl());
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What the file says, then `--set`, then the options: the later wins.
    private Map<String, String> settings() {
        Map<String, String> values = new TreeMap<>();
        if (config != null) {
            values.putAll(SettingsFile.read(config));
        }
        for (String set : sets) {
            int equals = set.indexOf('=');
            Check.argument(equals > 0, "--set \"%s\" is not KEY=VALUE", set);
            values.put(
                    set.substring(0, equals).strip(), set.substring(equals + 1).strip());
        }
        put(values, "server.data", data);
        put(values, "server.listen", listen);
        put(values, "server.control", control);
        put(values, "server.storage-nodes", storageNodes);
        put(values, "server.volumes", volumes.isEmpty() ? null : joined(volumes));
        put(values, "server.auth", auth);
        put(values, "gateway.s3.region", region);
        put(values, "server.insecure", insecure ? "true" : null);
        return values;
    }

    private static String joined(List<Path> folders) {
        for (Path folder : folders) {
            Check.argument(!folder.toString().contains(","), "--volume \"%s\" must not contain a comma", folder);
        }
        return folders.stream().map(Path::toString).collect(Collectors.joining(","));
    }

    private static void put(Map<String, String> values, String key, @Nullable String value) {
        if (value != null) {
            values.put(key, value);
        }
    }
}
