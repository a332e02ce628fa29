package io.forebay.bench.s3;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.load.SignedPutSource;
import io.forebay.bench.scenario.Comparison;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Report;
import io.forebay.bench.scenario.Sample;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// GET and HEAD, signed and from a public bucket, against nginx, which is asked for the same files without a
/// signature; and another S3 server beside it.
final class ReadRows {
    private static final int REQUEST_BYTES = 4096;
    private static final int PUT_CONNECTIONS = 4;
    private static final String PUBLIC = "public";
    private static final String SIGNED = "signed";
    private static final String OTHER = "versitygw, signed";

    private final S3Config config;
    private final Report report;
    private final SigV4Signer signer;
    private final String bucket;
    private final Dataset small;
    private final Dataset large;

    ReadRows(S3Config config, Report report, SigV4Signer signer, String bucket, Dataset small, Dataset large) {
        this.config = config;
        this.report = report;
        this.signer = signer;
        this.bucket = bucket;
        this.small = small;
        this.large = large;
    }

    /// One kind of requests to one server.
    private record Variant(String name, Peer peer, String prefix, boolean signed) {}

    void run(ForebayServer forebay, LaunchedPeer nginx, @Nullable LaunchedPeer other) {
        if (other != null) {
            report.progress("storing the objects in versitygw");
            new SignedCalls(signer, other.address()).send(Method.PUT, "/" + bucket, "");
            fill(other, small);
            fill(other, large);
        }
        report.result(compare("GET", Method.GET, small, forebay, nginx, other, 0.5, 0.7));
        report.result(compare("HEAD", Method.HEAD, small, forebay, nginx, other, 0, 0.7));
        report.result(compare("GET", Method.GET, large, forebay, nginx, other, 0.9, 0));
    }

    private void fill(LaunchedPeer other, Dataset set) {
        SignedPutSource source = new SignedPutSource(
                signer,
                other.address(),
                "/" + bucket + "/" + set.name() + "/",
                set.objects(),
                new BodyBytes(set.objectBytes(), 1));
        LoadPlan plan =
                LoadPlan.counted(other.address(), PUT_CONNECTIONS, set.objects(), set.objectBytes() + REQUEST_BYTES);
        LoadLoop.run(plan, source).requireClean();
    }

    private String compare(
            String verb,
            Method method,
            Dataset set,
            ForebayServer forebay,
            LaunchedPeer nginx,
            @Nullable LaunchedPeer other,
            double signedBar,
            double publicBar) {
        String path = "/" + set.name() + "/";
        Variant reference = new Variant("nginx", nginx, path, false);
        Variant open = new Variant(PUBLIC, forebay, "/" + bucket + path, false);
        Variant signed = new Variant(SIGNED, forebay, "/" + bucket + path, true);
        List<Variant> variants = other == null
                ? List.of(open, signed)
                : List.of(open, signed, new Variant(OTHER, other, "/" + bucket + path, true));
        Comparison comparison = new Comparison(
                verb + ", " + set.objects() + " objects of " + set.objectBytes() + " bytes, " + config.connections()
                        + " connections, against nginx without signatures",
                "nginx");
        if (signedBar > 0) {
            comparison.bar(SIGNED, signedBar);
        }
        if (publicBar > 0) {
            comparison.bar(PUBLIC, publicBar);
        }
        report.progress("warming up: " + verb + ", " + set.name());
        load(reference, method, set, Duration.ofSeconds(1));
        variants.forEach(variant -> load(variant, method, set, config.run().warmUp()));
        for (int pair = 0; pair < config.run().pairs(); pair++) {
            report.progress("pair " + (pair + 1) + ": " + verb + ", " + set.name());
            for (Variant variant : variants) {
                Sample peer = load(reference, method, set, config.run().time());
                comparison.add(
                        variant.name(),
                        peer,
                        load(variant, method, set, config.run().time()));
            }
        }
        return comparison.text();
    }

    private Sample load(Variant variant, Method method, Dataset set, Duration time) {
        Peer peer = variant.peer();
        List<String> targets = IntStream.range(0, set.objects())
                .mapToObj(index -> variant.prefix() + ObjectNames.of(index))
                .toList();
        PreparedSource source =
                PreparedSource.inRandomOrder(variant.signed() ? signer : null, method, peer.address(), targets);
        long before = peer.cpuNanos();
        var plan = LoadPlan.closed(peer.address(), config.connections(), time, REQUEST_BYTES);
        var result = LoadLoop.run(plan, source);
        return Sample.of(result, peer.cpuNanos() - before);
    }
}
