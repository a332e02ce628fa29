package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.acl.ObjectOwnership;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Calls an S3 face without a socket, as a client would.
final class S3Client {
    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 49152);

    final InMemoryCluster cluster;
    private final S3Face face;

    S3Client() {
        this(new InMemoryCluster(3), new OpenAuthorizer(), "eu-central-1");
    }

    /// @param minPartBytes the least size of every part but the last
    S3Client(long minPartBytes) {
        this(
                new InMemoryCluster(3),
                new OpenAuthorizer(),
                "eu-central-1",
                ObjectOwnership.BUCKET_OWNER_ENFORCED,
                new DataSize(minPartBytes));
    }

    S3Client(InMemoryCluster cluster, Authorizer authorizer, String region) {
        this(cluster, authorizer, region, ObjectOwnership.BUCKET_OWNER_ENFORCED);
    }

    /// @param ownership of what is written into buckets that say nothing of it
    S3Client(InMemoryCluster cluster, Authorizer authorizer, String region, ObjectOwnership ownership) {
        this(
                cluster,
                authorizer,
                region,
                ownership,
                Settings.defaults(S3Config.class).minPartSize());
    }

    private S3Client(
            InMemoryCluster cluster,
            Authorizer authorizer,
            String region,
            ObjectOwnership ownership,
            DataSize minPartSize) {
        this.cluster = cluster;
        S3Config defaults = Settings.defaults(S3Config.class);
        S3Config config = new S3Config(
                region,
                defaults.domains(),
                defaults.maxKeyBytes(),
                defaults.maxUserMetadata(),
                defaults.maxPutSize(),
                minPartSize,
                defaults.minChunkSize(),
                defaults.maxXmlSize(),
                defaults.maxFormSize(),
                defaults.concurrentDeletes(),
                ownership,
                false,
                false);
        this.face = new S3Face(
                config,
                new S3Access(
                        authorizer,
                        new Permissions(
                                new UserDirectory(cluster.state()),
                                InstantSource.fixed(InMemoryCluster.NOW),
                                ownership,
                                new Metrics()),
                        TestUsers.sessions(InstantSource.fixed(InMemoryCluster.NOW)),
                        Duration.ofHours(12)),
                Set.of("audit", "index"),
                cluster.buckets(),
                cluster.objects(),
                cluster.listings(),
                InstantSource.fixed(InMemoryCluster.NOW),
                new Metrics(),
                "host-id");
    }

    /// An answer, its body read as Latin-1 text.
    record Answer(int status, Headers headers, String body) {
        /// The text of the first element of that name; empty when there is none.
        String element(String name) {
            Matcher matcher =
                    Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(body);
            return matcher.find() ? matcher.group(1) : "";
        }

        /// The texts of all elements of that name, joined with commas.
        String elements(String name) {
            Matcher matcher =
                    Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(body);
            return matcher.results().map(result -> result.group(1)).collect(Collectors.joining(","));
        }

        String header(String name) {
            return headers.find(name, "");
        }

        Answer hasStatus(int expected) {
            assertThat(status).as("status of %s", body).isEqualTo(expected);
            return this;
        }

        /// A refusal with that status and code.
        Answer isError(int expected, String code) {
            hasStatus(expected);
            assertThat(element("Code")).as(body).isEqualTo(code);
            assertThat(element("RequestId")).isEqualTo(header("x-amz-request-id"));
            return this;
        }
    }

    Answer get(String target, String... headers) {
        return call(Method.GET, target, null, headers);
    }

    Answer head(String target, String... headers) {
        return call(Method.HEAD, target, null, headers);
    }

    Answer delete(String target, String... headers) {
        return call(Method.DELETE, target, null, headers);
    }

    Answer put(String target, String latin1, String... headers) {
        return call(Method.PUT, target, latin1, headers);
    }

    Answer post(String target, String latin1, String... headers) {
        return call(Method.POST, target, latin1, headers);
    }

    Answer call(Method method, String target, @Nullable String latin1, String... lines) {
        Headers headers = new Headers();
        for (int index = 0; index < lines.length; index += 2) {
            headers.add(lines[index], lines[index + 1]);
        }
        if (!headers.contains("Host")) {
            headers.add("Host", "localhost:8080");
        }
        byte[] bytes = latin1 == null ? new byte[0] : latin1.getBytes(StandardCharsets.ISO_8859_1);
        if (latin1 != null && !headers.contains("Transfer-Encoding")) {
            headers.add("Content-Length", bytes.length);
        }
        return call(new Request(method, target, headers), latin1 == null ? Body.empty() : MemoryBody.of(bytes));
    }

    Answer call(Request request, Body body) {
        Reply reply = reply(new DirectExchange(request, body, true, LOOPBACK, false, "direct"));
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            String text = new String(payload.readAll(1 << 26), StandardCharsets.ISO_8859_1);
            return new Answer(reply.status(), reply.headers(), text);
        }
    }

    Reply reply(DirectExchange exchange) {
        return face.handle(exchange);
    }
}
