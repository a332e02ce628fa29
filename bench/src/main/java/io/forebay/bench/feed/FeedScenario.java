package io.forebay.bench.feed;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/// The training feed: what batches, members and listings of archives cost against plain reads, in one run.
public final class FeedScenario {
    private static final String BUCKET = "feed";

    private final FeedConfig config;
    private final Home home;
    private final Report report;
    private final FeedLoads loads;

    public FeedScenario(FeedConfig config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.loads = new FeedLoads(
                config,
                BUCKET,
                new Dataset("objects", config.sizeBytes(), config.objects()),
                TarShard.ofSize("shard.tar", config.sizeBytes(), config.shard().bytes()));
    }

    public void run() {
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            forebay.calls().createBucket(BUCKET, "{\"forebay\":{\"durability\":\"none\"}}");
            if (config.runs("batch") || config.runs("members")) {
                reads(forebay);
            }
            if (config.runs("archive") || config.runs("names")) {
                listings(forebay);
            }
        }
    }

    private void reads(ForebayServer forebay) {
        report.progress("storing objects and a shard");
        loads.objects().put(forebay.address(), BUCKET);
        loads.shard().put(forebay.address(), BUCKET);
        loads.requireBatches(forebay.calls());
        if (config.runs("batch")) {
            try (LaunchedPeer bare = bareLoop()) {
                new BatchRow(loads, report).run(forebay, bare);
            }
        }
        if (config.runs("members")) {
            new MembersRow(loads, report).run(forebay);
        }
    }

    /// A loop that frames the bytes of the objects, which it has in one file.
    private LaunchedPeer bareLoop() {
        Path file = home.folder("files").resolve("objects");
        BodyBytes body = new BodyBytes(config.sizeBytes(), 1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int index = 0; index < config.objects(); index++) {
                ByteBuffer bytes = body.numbered(index);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return LaunchedPeer.ofJava(
                home,
                "framing",
                List.of(),
                FramingMain.class.getName(),
                file,
                Integer.toString(config.sizeBytes()),
                Integer.toString(config.entries()));
    }

    private void listings(ForebayServer forebay) {
        ListingRows rows = new ListingRows(config, BUCKET, report);
        report.progress("storing %,d objects and an archive".formatted(config.listed()));
        rows.fill(forebay);
        if (config.runs("archive")) {
            rows.archive(forebay);
        }
        if (config.runs("names")) {
            rows.names(forebay);
        }
    }
}
