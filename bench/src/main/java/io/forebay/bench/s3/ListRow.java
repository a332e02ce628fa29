package io.forebay.bench.s3;

import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.LoadResult;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.storage.BareIndex;
import io.forebay.bench.storage.ProcessorClock;
import io.forebay.common.error.Check;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// ListObjectsV2: all keys in pages by one client, against a bare RocksDB iterator over them; and a listing with a
/// delimiter that has to skip all of them.
final class ListRow {
    private static final double KEYS_BAR = 0.15;
    private static final double SKIP_BAR_MILLIS = 20;
    private static final int PAGE = 1000;
    private static final int REQUEST_BYTES = 4096;
    private static final int SKIPS = 50;
    private static final long CACHE_BYTES = 128 << 20;
    private static final String PAGES = "ListObjectsV2, pages of 1,000, one client";

    private final S3Config config;
    private final Home home;
    private final Report report;
    private final SigV4Signer signer;
    private final Dataset listed;

    ListRow(S3Config config, Home home, Report report, SigV4Signer signer, Dataset listed) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.signer = signer;
        this.listed = listed;
    }

    void run(ForebayServer forebay) {
        Ratios keys = new Ratios(
                        "Listing of %,d objects, against a bare RocksDB iterator".formatted(listed.objects()),
                        "keys a second")
                .bar(PAGES, Ratios.Side.AT_LEAST, KEYS_BAR);
        String skip = "delimiter past %,d keys, median".formatted(listed.objects());
        Ratios skips = new Ratios("Listing with a delimiter, against its bar", "ms").bar(skip, Ratios.Side.AT_MOST, 1);
        try (BareIndex index = BareIndex.open(BareIndex.volume(home.folder("data")), CACHE_BYTES)) {
            report.progress("warming up: listings");
            pages(forebay, config.run().warmUp());
            iterate(index, config.run().warmUp().dividedBy(4));
            for (int pair = 0; pair < config.run().pairs(); pair++) {
                report.progress("pair " + (pair + 1) + ": listings");
                double bare = iterate(index, config.run().time());
                keys.add(PAGES, pages(forebay, config.run().time()), bare);
                skips.add(skip, skip(forebay), SKIP_BAR_MILLIS);
            }
        }
        report.result(keys.text());
        report.result(skips.text());
    }

    /// Keys a second that one client gets by pages.
    private double pages(ForebayServer forebay, Duration time) {
        String query = "/" + S3Scenario.NONE + "?list-type=2&max-keys=" + PAGE + "&prefix=" + listed.name() + "%2F";
        List<String> targets = IntStream.range(0, listed.objects() / PAGE)
                .mapToObj(page -> page == 0
                        ? query
                        : query + "&start-after=" + listed.name() + "%2F" + ObjectNames.of((long) page * PAGE - 1))
                .toList();
        PreparedSource source = PreparedSource.inOrder(signer, Method.GET, forebay.address(), targets);
        LoadResult result = LoadLoop.run(LoadPlan.closed(forebay.address(), 1, time, REQUEST_BYTES), source)
                .requireClean();
        return result.requestsPerSecond() * PAGE;
    }

    /// Keys a second of processor time that RocksDB alone passes.
    private static double iterate(BareIndex index, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long start = ProcessorClock.threadNanos();
        long keys = 0;
        while (System.nanoTime() < end) {
            keys += index.scan();
        }
        return keys / ((ProcessorClock.threadNanos() - start) / 1e9);
    }

    /// Milliseconds of one listing of the bucket's folders.
    private double skip(ForebayServer forebay) {
        String target = "/" + S3Scenario.NONE + "?list-type=2&delimiter=%2F";
        String answer = new SignedCalls(signer, forebay.address()).send(Method.GET, target, "");
        Check.that(answer.contains("<Prefix>" + listed.name() + "/</Prefix>"), "folded: %s", answer);
        PreparedSource source = PreparedSource.inOrder(signer, Method.GET, forebay.address(), List.of(target));
        return LoadLoop.run(LoadPlan.counted(forebay.address(), 1, SKIPS, REQUEST_BYTES), source)
                        .requireClean()
                        .allLatencies()
                        .getValueAtPercentile(50)
                / 1e6;
    }
}
