package io.forebay.bench.s3;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.SignedPutSource;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Ratios;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.storage.ProcessorClock;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// PUT of a large object whose CRC-32 and SHA-256 are verified: the server's processor time against that of the
/// digests alone, those two and the MD5 and the XXH64 that every object has.
final class WriteRow {
    private static final double BAR = 1.3;
    private static final int HEAD_BYTES = 4096;
    private static final int CONNECTIONS = 2;
    private static final int NAMES = 8;
    private static final int HASHED_AT_ONCE = 128 << 10;
    private static final List<ChecksumType> DIGESTS =
            List.of(ChecksumType.CRC32, ChecksumType.SHA256, ChecksumType.MD5, ChecksumType.XXHASH64);

    private final S3Config config;
    private final Report report;
    private final SigV4Signer signer;
    private final BodyBytes bytes;

    WriteRow(S3Config config, Report report, SigV4Signer signer) {
        this.config = config;
        this.report = report;
        this.signer = signer;
        this.bytes = new BodyBytes(Math.toIntExact(config.written().bytes()), 7);
    }

    void run(ForebayServer forebay) {
        String row = "PUT of " + config.written() + ", CRC-32 and SHA-256 verified";
        Ratios ratios = new Ratios("PUT with checksums, at durability none, against the digests alone", "CPU ms each")
                .bar(row, Ratios.Side.AT_MOST, BAR);
        report.progress("warming up: PUT");
        put(forebay, config.run().warmUp());
        digests(config.run().warmUp().dividedBy(4));
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": PUT");
            double alone = digests(config.run().time());
            ratios.add(row, put(forebay, config.run().time()), alone);
        }
        report.result(ratios.text());
    }

    /// Milliseconds of the server's processor for one.
    private double put(ForebayServer forebay, Duration time) {
        SignedPutSource source =
                new SignedPutSource(signer, forebay.address(), "/" + S3Scenario.NONE + "/written/", NAMES, bytes);
        long before = forebay.cpuNanos();
        var plan = LoadPlan.closed(forebay.address(), CONNECTIONS, time, bytes.length() + HEAD_BYTES);
        long requests = LoadLoop.run(plan, source).requireClean().requests();
        return (forebay.cpuNanos() - before) / 1e6 / requests;
    }

    /// Milliseconds of this thread for the digests of one body.
    private double digests(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        long start = ProcessorClock.threadNanos();
        int count = 0;
        while (System.nanoTime() < end) {
            for (ChecksumType type : DIGESTS) {
                digest(type);
            }
            count++;
        }
        return (ProcessorClock.threadNanos() - start) / 1e6 / count;
    }

    private void digest(ChecksumType type) {
        var digest = Checksummers.of(type);
        ByteBuffer body = bytes.numbered(0);
        for (int from = 0; from < body.capacity(); from += HASHED_AT_ONCE) {
            digest.update(body.slice(from, Math.min(HASHED_AT_ONCE, body.capacity() - from)));
        }
        digest.finish();
    }
}
