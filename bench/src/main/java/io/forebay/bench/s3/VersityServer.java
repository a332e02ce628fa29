package io.forebay.bench.s3;

import io.forebay.bench.scenario.Home;
import io.forebay.bench.scenario.Launched;
import io.forebay.bench.scenario.LaunchedPeer;
import io.forebay.bench.scenario.Ports;
import io.forebay.protocol.sigv4.Credentials;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// versitygw, another S3 server, with objects as files of a folder (`scripts/clients versitygw` builds it).
final class VersityServer {
    private VersityServer() {}

    /// Null where it is not installed.
    static @Nullable LaunchedPeer start(Home home, Credentials root, String region) {
        Path program = home.root().resolve(".clients/versitygw/versitygw");
        if (!Files.isExecutable(program)) {
            return null;
        }
        InetSocketAddress address = Ports.free();
        List<String> command = List.of(
                program.toString(),
                "--port",
                Ports.text(address),
                "--region",
                region,
                "--quiet",
                "posix",
                home.folder("versitygw").toString());
        // One processor, as the other servers have.
        Map<String, String> environment =
                Map.of("ROOT_ACCESS_KEY", root.accessKey(), "ROOT_SECRET_KEY", root.secretKey(), "GOMAXPROCS", "1");
        Launched process = Launched.start(home, "versitygw", command, environment);
        process.await(() -> Ports.accepts(address));
        return new LaunchedPeer(process, address);
    }
}
