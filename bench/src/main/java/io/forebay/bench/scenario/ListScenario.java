package io.forebay.bench.scenario;

import io.forebay.bench.load.HttpText;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.Operation;
import io.forebay.bench.load.RequestSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/// Pages of a listing from random places of a bucket, through both faces, against nginx sending as many bytes from a
/// file.
public final class ListScenario {
    private static final String BUCKET = "bench";
    private static final Operation LIST = Operation.of("list");
    private static final int REQUEST_BYTES = 4096;
    private static final int OBJECT_BYTES = 64;
    private static final String NAME_ONLY_FLAG = "16";

    private final ListConfig config;
    private final Home home;
    private final Report report;
    private final Random random = new Random(5);

    public ListScenario(ListConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
    }

    public void run() {
        Path files = home.folder("files");
        try (LaunchedPeer nginx = NginxServer.start(home, files);
                ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            forebay.calls().createBucket(BUCKET, "{\"forebay\":{\"durability\":\"none\"}}");
            report.progress("storing " + config.objects() + " objects");
            new Dataset("set", OBJECT_BYTES, config.objects()).put(forebay.address(), BUCKET);
            report.result(compare("AIStore list-objects, msgpack, names", this::aistore, files, nginx, forebay));
            report.result(compare("S3 ListObjectsV2, XML", this::s3, files, nginx, forebay));
        }
    }

    private String compare(String name, RequestSource source, Path files, LaunchedPeer nginx, ForebayServer forebay) {
        report.progress("warming up: " + name);
        Sample warm = load(forebay, source, config.run().warmUp());
        writePage(files.resolve("page"), (int) warm.bytes());
        RequestSource file = target -> {
            HttpText.put(HttpText.head("GET", "/page", -1, ""), target);
            return LIST;
        };
        load(nginx, file, Duration.ofSeconds(1));
        Comparison comparison = new Comparison(
                name + ": pages of " + config.page() + " of " + config.objects() + " objects, " + config.connections()
                        + " connections, against nginx sending a file of the same size",
                "nginx, file");
        double keys = 0;
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            Sample peer = load(nginx, file, config.run().time());
            Sample sample = load(forebay, source, config.run().time());
            comparison.add("Forebay", peer, sample);
            keys = Math.max(keys, sample.rate() * config.page());
        }
        return comparison.text() + "  best run: %,.0f names a second%n".formatted(keys);
    }

    private Operation aistore(java.nio.ByteBuffer target) {
        String message =
                "{\"action\":\"list\",\"name\":\"\",\"value\":{\"uuid\":\"\",\"props\":\"name\",\"prefix\":\"\","
                        + "\"start_after\":\"" + after() + "\",\"continuation_token\":\"\",\"pagesize\":"
                        + config.page()
                        + ",\"flags\":\"" + NAME_ONLY_FLAG + "\"}}";
        String lines = "Accept: application/msgpack\r\nContent-Type: application/json\r\n";
        HttpText.put(HttpText.head("GET", "/v1/buckets/" + BUCKET + "?provider=ais", message.length(), lines), target);
        HttpText.put(message, target);
        return LIST;
    }

    private Operation s3(java.nio.ByteBuffer target) {
        String query = "?list-type=2&max-keys=" + config.page() + "&start-after=" + after();
        HttpText.put(HttpText.head("GET", "/" + BUCKET + query, -1, ""), target);
        return LIST;
    }

    /// A name with at least a page of names after it.
    private String after() {
        return "set/" + ObjectNames.of(random.nextInt(Math.max(1, config.objects() - config.page())));
    }

    private Sample load(Peer peer, RequestSource source, Duration time) {
        long before = peer.cpuNanos();
        var result = LoadLoop.run(LoadPlan.closed(peer.address(), config.connections(), time, REQUEST_BYTES), source);
        return Sample.of(result, peer.cpuNanos() - before);
    }

    private static void writePage(Path file, int bytes) {
        try {
            Files.write(file, new byte[bytes]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
