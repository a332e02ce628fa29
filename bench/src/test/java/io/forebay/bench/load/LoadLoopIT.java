package io.forebay.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The loader against the JDK's little server.
final class LoadLoopIT {
    private static final int OBJECT_BYTES = 10_000;
    private static final int REQUEST_BYTES = 16_384;

    private final Set<String> digests = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();
    private HttpServer server;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/put/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            digests.add(body.length + " " + digest(body));
            answered.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/missing", exchange -> {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void countedLoadSendsThatManyDistinctBodies() {
        PutSource source = new PutSource("/put/", "", new BodyBytes(OBJECT_BYTES, 1), 0);
        LoadResult result = LoadLoop.run(LoadPlan.counted(address(), 4, 100, REQUEST_BYTES), source);
        assertThat(result.requireClean().requests()).isEqualTo(100);
        assertThat(answered).hasValue(100);
        assertThat(digests).hasSize(100).allMatch(digest -> digest.startsWith(OBJECT_BYTES + " "));
        assertThat(result.sentBytes()).isGreaterThan(100L * OBJECT_BYTES);
    }

    @Test
    void openLoopKeepsItsRate() {
        PutSource source = new PutSource("/put/", "", new BodyBytes(OBJECT_BYTES, 1), 0);
        LoadPlan plan = new LoadPlan(address(), 8, Duration.ofSeconds(1), 0, 200, REQUEST_BYTES);
        assertThat(LoadLoop.run(plan, source).requireClean().requests()).isBetween(150L, 210L);
    }

    @Test
    void otherAnswersAreFailures() {
        RequestSource source = target -> get(target);
        LoadResult result = LoadLoop.run(LoadPlan.counted(address(), 2, 10, REQUEST_BYTES), source);
        assertThat(result.failures()).isEqualTo(10);
        assertThatThrownBy(result::requireClean).hasMessageContaining("status 404");
    }

    private static Operation get(ByteBuffer target) {
        HttpText.put(HttpText.head("GET", "/missing", -1, ""), target);
        return Operation.of("get");
    }

    private InetSocketAddress address() {
        return server.getAddress();
    }

    private static String digest(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
