package io.forebay.bench.scenario;

import io.forebay.common.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// GET through the wire engine alone, on each transport, against nginx on the same files.
public final class EngineScenario {
    private static final String ENGINE = "io.forebay.bench.engine.EngineMain";

    private final EngineConfig config;
    private final Home home;
    private final Report report;

    public EngineScenario(EngineConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        Path files = home.folder("files");
        for (DataSize size : config.sizes()) {
            dataset(size).writeFiles(files);
        }
        Wrk wrk = new Wrk(home);
        Map<String, LaunchedPeer> engines = new LinkedHashMap<>();
        try (LaunchedPeer nginx = NginxServer.start(home, files)) {
            for (String transport : config.transports()) {
                engines.put(
                        transport,
                        LaunchedPeer.ofJava(
                                home,
                                "engine-" + transport,
                                List.of(config.run().javaOptions().strip().split("\\s+", -1)),
                                ENGINE,
                                files,
                                transport));
            }
            for (DataSize size : config.sizes()) {
                report.result(compare(size, wrk, nginx, engines));
            }
        } finally {
            engines.values().forEach(LaunchedPeer::close);
        }
    }

    private Dataset dataset(DataSize size) {
        return new Dataset(size.toString(), Math.toIntExact(size.bytes()), config.objects());
    }

    private String compare(DataSize size, Wrk wrk, LaunchedPeer nginx, Map<String, LaunchedPeer> engines) {
        report.progress("warming up: " + size);
        engines.values().forEach(engine -> load(wrk, engine, size, config.run().warmUp()));
        load(wrk, nginx, size, Duration.ofSeconds(1));
        Comparison comparison = new Comparison(
                "GET by the engine alone, " + config.objects() + " files of " + size + ", " + config.connections()
                        + " connections, against nginx",
                "nginx");
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            engines.forEach((transport, engine) -> comparison.add(
                    transport,
                    load(wrk, nginx, size, config.run().time()),
                    load(wrk, engine, size, config.run().time())));
        }
        return comparison.text();
    }

    private Sample load(Wrk wrk, Peer peer, DataSize size, Duration time) {
        return wrk.run(peer, "/" + size + "/", config.objects(), config.connections(), time);
    }
}
