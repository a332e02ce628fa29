package io.forebay.bench.storage;

import io.forebay.bench.load.HttpText;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.LoadResult;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.Operation;
import io.forebay.bench.load.RequestSource;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.PageRequest;
import io.forebay.storage.listing.LocalPage;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Scan;
import io.forebay.storage.volume.VolumeOwner;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.function.LongSupplier;

/// Listing of a bucket against a bare RocksDB iterator over the same keys: by a scan of the store, by pages of it,
/// and by a server over loopback.
final class ListRow {
    private static final double SCAN_BAR = 0.6;
    private static final double HTTP_BAR = 0.25;
    private static final String BUCKET = "bench";
    private static final String SET = "set";
    private static final int OBJECT_BYTES = 64;
    private static final int PAGE = 10_000;
    private static final int CONNECTIONS = 4;
    private static final int REQUEST_BYTES = 4096;
    private static final long CACHE_BYTES = 128 << 20;
    private static final Operation LIST = Operation.of("list");
    private static final String SCAN = "scan of the store, names";
    private static final String PAGES = "pages of 10,000, names";
    private static final String HTTP = "list-objects over HTTP, msgpack, names";

    private final StorageConfig config;
    private final Home home;
    private final Report report;
    private final int objects;
    private final Random random = new Random(5);

    ListRow(StorageConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.objects = Math.max(2 * PAGE, config.count(config.listObjects()));
    }

    void run() {
        Ratios ratios = new Ratios(
                        String.format("Listing of %,d objects, against a bare RocksDB iterator", objects),
                        "names a second")
                .bar(SCAN, Ratios.Side.AT_LEAST, SCAN_BAR)
                .bar(PAGES, Ratios.Side.AT_LEAST, SCAN_BAR)
                .bar(HTTP, Ratios.Side.AT_LEAST, HTTP_BAR);
        report.progress("storing " + objects + " objects");
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            forebay.calls().createBucket(BUCKET, "{\"forebay\":{\"durability\":\"none\"}}");
            new Dataset(SET, OBJECT_BYTES, objects).put(forebay.address(), BUCKET);
        }
        // Stopping has flushed the index, so that RocksDB alone sees all of it.
        Path volume = BareIndex.volume(home.folder("data"));
        try (BareIndex index = BareIndex.open(volume, CACHE_BYTES)) {
            requireAll(index.scan());
            scans(ratios, volume, index);
            try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
                overHttp(ratios, forebay, index);
            }
        }
        report.result(ratios.text());
        Folders.remove(home.folder("data"));
    }

    private void scans(Ratios ratios, Path volume, BareIndex index) {
        long bucketId = IndexKeys.bucketId(index.firstKey());
        try (MeasuredStore store = MeasuredStore.open(volume, config.store(), owner(volume))) {
            report.progress("warming up: scans");
            rate(() -> scan(store, bucketId), config.warmUp().dividedBy(3));
            rate(() -> pages(store, bucketId), config.warmUp().dividedBy(3));
            rate(index::scan, config.warmUp().dividedBy(3));
            for (int pair = 0; pair < config.pairs(); pair++) {
                report.progress("pair " + (pair + 1) + ": scans");
                double bare = rate(index::scan, config.time());
                ratios.add(SCAN, rate(() -> scan(store, bucketId), config.time()), bare);
                bare = rate(index::scan, config.time());
                ratios.add(PAGES, rate(() -> pages(store, bucketId), config.time()), bare);
            }
        }
    }

    private void overHttp(Ratios ratios, ForebayServer forebay, BareIndex index) {
        report.progress("warming up: list-objects");
        load(forebay, config.warmUp());
        for (int pair = 0; pair < config.pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": list-objects");
            double bare = rate(index::scan, config.time());
            long before = forebay.cpuNanos();
            LoadResult result = load(forebay, config.time());
            double micros = (forebay.cpuNanos() - before) / 1e3 / (result.requests() * (double) PAGE);
            ratios.add(HTTP, result.requestsPerSecond() * PAGE, bare);
            ratios.add("    us of the server's processor a name / of iterator", micros, 1e6 / bare);
        }
    }

    /// Names a second of processor time, over whole listings.
    private static double rate(LongSupplier listing, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long start = ProcessorClock.threadNanos();
        long names = 0;
        while (System.nanoTime() < end) {
            names += listing.getAsLong();
        }
        return names / ((ProcessorClock.threadNanos() - start) / 1e9);
    }

    private long scan(MeasuredStore store, long bucketId) {
        long names = 0;
        long characters = 0;
        try (Scan scan = store.objects().scan(bucketId)) {
            while (scan.next()) {
                characters += scan.name().length();
                names++;
            }
        }
        requireAll(characters > 0 ? names : 0);
        return names;
    }

    private long pages(MeasuredStore store, long bucketId) {
        long names = 0;
        String after = "";
        boolean more = true;
        while (more) {
            try (Scan scan = store.objects().scan(bucketId)) {
                var page = LocalPage.read(new PageRequest("", after, "", PAGE, false), scan, any -> true);
                names += page.entries().size();
                after = page.entries().getLast().name();
                more = page.truncated();
            }
        }
        requireAll(names);
        return names;
    }

    private void requireAll(long names) {
        if (names != objects) {
            throw new IllegalStateException(names + " names instead of " + objects);
        }
    }

    private LoadResult load(ForebayServer forebay, Duration time) {
        RequestSource source = this::request;
        return LoadLoop.run(LoadPlan.closed(forebay.address(), CONNECTIONS, time, REQUEST_BYTES), source)
                .requireClean();
    }

    /// A page from a place that has a whole page behind it.
    private Operation request(ByteBuffer target) {
        String after = SET + "/" + ObjectNames.of(random.nextInt(objects - PAGE));
        String message =
                "{\"action\":\"list\",\"name\":\"\",\"value\":{\"uuid\":\"\",\"props\":\"name\",\"prefix\":\"\","
                        + "\"start_after\":\"" + after + "\",\"continuation_token\":\"\",\"pagesize\":" + PAGE
                        + ",\"flags\":\"16\"}}";
        String lines = "Accept: application/msgpack\r\nContent-Type: application/json\r\n";
        HttpText.put(HttpText.head("GET", "/v1/buckets/" + BUCKET + "?provider=ais", message.length(), lines), target);
        HttpText.put(message, target);
        return LIST;
    }

    private static VolumeOwner owner(Path volume) {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(volume.resolve("volume.properties"))) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new VolumeOwner(properties.getProperty("cluster", ""), new NodeId(properties.getProperty("node", "")));
    }
}
