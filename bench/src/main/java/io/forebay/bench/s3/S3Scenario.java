package io.forebay.bench.s3;

import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.ForebayServer;
import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.NginxServer;
import io.forebay.bench.scenario.Report;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// The S3 face with authentication on: reads, writes with checksums, listings and removals.
///
/// The objects are stored before by a server without authentication on the same data, and so are the index files that
/// the bare iterator reads.
public final class S3Scenario {
    static final String NONE = "none";
    static final String GROUP = "group";
    private static final int LISTED_BYTES = 16;
    private static final String REGION = "us-east-1";
    private static final Credentials ROOT = new Credentials("root-access-key", "root-secret-key");
    private static final String PUBLIC_READ = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
            + "\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::" + NONE + "/*\"}]}";

    private final S3Config config;
    private final Home home;
    private final Report report;
    private final Dataset small;
    private final Dataset large;
    private final Dataset listed;

    public S3Scenario(S3Config config, Home home, Report report) {
        this.config = config;
        this.home = home;
        this.report = report;
        this.small = new Dataset("hot", Math.toIntExact(config.small().bytes()), config.hot());
        this.large = new Dataset("large", Math.toIntExact(config.large().bytes()), config.largeObjects());
        this.listed = new Dataset("listed", LISTED_BYTES, config.listed());
    }

    public void run() {
        fill();
        SigV4Signer signer = new SigV4Signer(ROOT, REGION, InstantSource.system());
        Map<String, String> keys =
                Map.of("FOREBAY_ROOT_ACCESS_KEY", ROOT.accessKey(), "FOREBAY_ROOT_SECRET_KEY", ROOT.secretKey());
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), keys)) {
            SignedCalls calls = new SignedCalls(signer, forebay.address());
            calls.send(Method.PUT, "/" + NONE + "?policy", PUBLIC_READ);
            if (config.runs("read")) {
                reads(forebay, signer);
            }
            if (config.runs("write")) {
                new WriteRow(config, report, signer).run(forebay);
            }
            if (config.runs("list")) {
                new ListRow(config, home, report, signer, listed).run(forebay);
            }
            if (config.runs("delete")) {
                new RemovalRow(config, report, signer).run(forebay);
            }
            if (config.runs("hostile")) {
                new HostileRow(config, report, signer, small, large).run(forebay);
            }
        }
    }

    private void fill() {
        report.progress("storing objects");
        try (ForebayServer forebay = ForebayServer.start(home, config.run(), Map.of())) {
            for (String durability : List.of(NONE, GROUP)) {
                forebay.calls().createBucket(durability, "{\"forebay\":{\"durability\":\"" + durability + "\"}}");
            }
            if (config.runs("read") || config.runs("hostile")) {
                small.put(forebay.address(), NONE);
                large.put(forebay.address(), NONE);
            }
            if (config.runs("list")) {
                listed.put(forebay.address(), NONE);
            }
        }
    }

    private void reads(ForebayServer forebay, SigV4Signer signer) {
        Path files = home.folder("files");
        small.writeFiles(files);
        large.writeFiles(files);
        LaunchedPeer other = VersityServer.start(home, ROOT, REGION);
        try (LaunchedPeer nginx = NginxServer.start(home, files)) {
            new ReadRows(config, report, signer, NONE, small, large).run(forebay, nginx, other);
        } finally {
            if (other != null) {
                other.close();
            }
        }
    }
}
