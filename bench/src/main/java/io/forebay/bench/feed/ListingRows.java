package io.forebay.bench.feed;

import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.JvmProbe;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import java.time.Duration;

/// Listings page by page: the members of an archive against as many objects, and the heap that a listing of
/// many names takes against one of few.
final class ListingRows {
    private static final double MEMBERS_BAR = 2;
    private static final double HEAP_BAR = 1.1;
    private static final double MICROS = 1e6;
    private static final double MEBIBYTE = 1 << 20;
    private static final int MEMBER_BYTES = 16;
    private static final int FEW_PAGES = 10;
    private static final String NO_FLAGS = "0";
    private static final String ARCHIVE_DIRECTORY = "8";
    private static final String ENTRY = "members";
    private static final String HEAP = "live heap while listing, MiB";

    private final FeedConfig config;
    private final String bucket;
    private final Report report;
    private final TarShard archive;
    private final Dataset many;
    private final Dataset few;

    ListingRows(FeedConfig config, String bucket, Report report) {
        this.config = config;
        this.bucket = bucket;
        this.report = report;
        this.archive = new TarShard("listed.tar", MEMBER_BYTES, config.listed());
        this.many = new Dataset("listed.tar.objects/m", MEMBER_BYTES, config.listed());
        this.few = new Dataset("few/m", MEMBER_BYTES, Math.min(config.listed(), FEW_PAGES * config.page()));
    }

    /// Stores what the rows that run need.
    void fill(ForebayServer forebay) {
        many.put(forebay.address(), bucket);
        few.put(forebay.address(), bucket);
        if (config.runs("archive")) {
            archive.put(forebay.address(), bucket);
        }
    }

    /// The time of an entry.
    void archive(ForebayServer forebay) {
        PageSource members = new PageSource(
                bucket, archive.name() + "/", ARCHIVE_DIRECTORY, config.listed(), config.page(), TarShard::member);
        PageSource objects = pages(many);
        members.require(forebay.calls());
        objects.require(forebay.calls());
        Ratios ratios = new Ratios(
                        "Listing of %,d members of a tar, pages of %,d, against as many objects"
                                .formatted(config.listed(), config.page()),
                        "us an entry")
                .bar(ENTRY, Ratios.Side.AT_MOST, MEMBERS_BAR);
        report.progress("warming up: listings of an archive");
        micros(forebay, members, config.run().warmUp());
        micros(forebay, objects, config.run().warmUp());
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": listings of an archive");
            Duration time = config.run().time();
            ratios.add(ENTRY, micros(forebay, members, time), micros(forebay, objects, time));
        }
        report.result(ratios.text());
    }

    /// The heap that lives while it goes on.
    void names(ForebayServer forebay) {
        PageSource ofMany = pages(many);
        PageSource ofFew = pages(few);
        ofMany.require(forebay.calls());
        ofFew.require(forebay.calls());
        Ratios ratios = new Ratios(
                        "Listing of %,d objects, pages of %,d, against one of %,d"
                                .formatted(many.objects(), config.page(), few.objects()),
                        HEAP)
                .bar(HEAP, Ratios.Side.AT_MOST, HEAP_BAR);
        report.progress("warming up: listings of names");
        micros(forebay, ofMany, config.run().warmUp());
        try (JvmProbe probe = new JvmProbe(forebay.pid())) {
            for (int pair = 0; pair < config.run().pairs(); pair++) {
                report.progress("pair " + (pair + 1) + ": listings of names");
                ratios.add(HEAP, heap(forebay, probe, ofMany), heap(forebay, probe, ofFew));
            }
        }
        report.result(ratios.text());
    }

    private PageSource pages(Dataset set) {
        return new PageSource(bucket, set.name() + "/", NO_FLAGS, set.objects(), config.page(), ObjectNames::of);
    }

    private double micros(ForebayServer forebay, PageSource source, Duration time) {
        LoadPlan plan = LoadPlan.closed(forebay.address(), 1, time, PageSource.REQUEST_BYTES);
        return MICROS / LoadLoop.run(plan, source).requireClean().requestsPerSecond() / config.page();
    }

    /// The most heap that lived at any collection while a listing went on.
    private double heap(ForebayServer forebay, JvmProbe probe, PageSource source) {
        double most = 0;
        Thread listing = Thread.ofPlatform()
                .start(() -> micros(forebay, source, config.run().time()));
        while (listing.isAlive()) {
            most = Math.max(most, probe.liveHeapBytes() / MEBIBYTE);
        }
        return most;
    }
}
