package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.ClassCache;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The real process: how it starts, refuses to start, stops and survives being killed.
@Timeout(180)
final class ServerProcessIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final int MIB = 1 << 20;
    private static final long POLL_NANOS = 2_000_000;

    @TempDir
    private Path scratch;

    private final List<ServerProcess> running = new ArrayList<>();

    @BeforeAll
    static void prepare(@TempDir Path training) {
        ClassCache.train(LAYOUT, training);
    }

    @AfterEach
    void endAll() {
        running.forEach(ServerProcess::close);
    }

    @Test
    void killedServerKeepsEveryAcknowledgedWrite() {
        Path data = scratch.resolve("data");
        ServerProcess first = start(data, "--storage-nodes", "2");
        try (RawHttp http = new RawHttp(first.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            for (int index = 0; index < 200; index++) {
                assertStored(http, "/bucket/small-" + index, Content.of(index * 100, index));
            }
            assertStored(http, "/bucket/large", Content.of(5 * MIB, 1));
            assertThat(http.send("DELETE", "/bucket/small-7").status()).isEqualTo(204);
        }
        first.kill();
        ServerProcess second = start(data);
        try (RawHttp http = new RawHttp(second.url())) {
            for (int index = 0; index < 200; index++) {
                Answer answer = http.send("GET", "/bucket/small-" + index);
                assertThat(answer.status()).isEqualTo(index == 7 ? 404 : 200);
                if (index != 7) {
                    assertThat(answer.body()).isEqualTo(Content.of(index * 100, index));
                }
            }
            assertThat(http.send("GET", "/bucket/large").body()).isEqualTo(Content.of(5 * MIB, 1));
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>200</KeyCount>");
        }
    }

    @Test
    void terminatedServerFinishesRequestsInFlight() {
        ServerProcess server = start(scratch.resolve("data"));
        byte[] content = Content.of(MIB, 3);
        try (RawHttp http = new RawHttp(server.url());
                RawHttp slow = new RawHttp(server.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            slow.write(("PUT /bucket/slow HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: " + MIB
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1));
            // The server has begun to read the body when it asks for it.
            slow.awaitContinue();
            slow.write(java.util.Arrays.copyOf(content, MIB / 2));
            server.terminate();
            awaitNotReady(server);
            slow.write(java.util.Arrays.copyOfRange(content, MIB / 2, MIB));
            assertThat(slow.read(false).status()).isEqualTo(200);
        }
        // SIGTERM ends a JVM with 128 + 15.
        assertThat(server.exitCode()).isEqualTo(143);
        assertThat(server.errors()).isEmpty();
        ServerProcess again = start(scratch.resolve("data"));
        try (RawHttp http = new RawHttp(again.url())) {
            assertThat(http.send("GET", "/bucket/slow").body()).isEqualTo(content);
        }
    }

    @Test
    void bannerNamesAddressesFolderAndClients() {
        ServerProcess server = start(scratch.resolve("data"), "--storage-nodes", "3");
        assertThat(server.banner())
                .contains(
                        server.url().toString(),
                        server.controlUrl().toString(),
                        scratch.resolve("data").toString())
                .contains("3 storage", "auth     off", "curl", "aistore", "boto3", "aws");
        try (RawHttp control = new RawHttp(server.controlUrl())) {
            assertThat(control.send("GET", "/ready").status()).isEqualTo(200);
            assertThat(control.send("GET", "/health").status()).isEqualTo(200);
            assertThat(control.send("GET", "/metrics").text()).contains("forebay_process_heap_used_bytes");
            assertThat(control.send("GET", "/config").text()).contains("server.listen = 127.0.0.1:0");
        }
    }

    @Test
    void rootKeysAreShownOnceAndGuardTheStore() {
        Path data = scratch.resolve("data");
        ServerProcess first = start(data, "--auth", "on");
        assertThat(first.banner()).contains("access key", "secret key", "token");
        first.terminate();
        first.exitCode();
        ServerProcess second = start(data, "--auth", "on");
        assertThat(second.banner()).contains("auth     on").doesNotContain("secret key");
        try (RawHttp http = new RawHttp(second.url())) {
            assertThat(http.send("GET", "/").status()).isEqualTo(403);
        }
    }

    @Test
    void takenPortIsOneSentence() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(
                    run("--data", scratch.resolve("a").toString(), "--listen", address, "--control", "127.0.0.1:0"),
                    "forebay: cannot listen on " + address + ": ");
            assertRefused(
                    run("--data", scratch.resolve("b").toString(), "--listen", "127.0.0.1:0", "--control", address),
                    "forebay: cannot listen on " + address + ": ");
        }
    }

    @Test
    void folderInUseIsOneSentence() {
        Path data = scratch.resolve("data");
        start(data);
        assertRefused(run(arguments(data)), "forebay: data folder " + data + " is in use by process ");
    }

    @Test
    void folderOfAnotherVersionIsOneSentence() throws IOException {
        Path data = Files.createDirectories(scratch.resolve("data"));
        Files.writeString(data.resolve("format"), "forebay data format 999\n");
        assertRefused(
                run(arguments(data)), "forebay: data folder " + data + " has data format 999 of a newer Forebay: ");
    }

    @Test
    void otherNumberOfStorageNodesIsOneSentence() {
        Path data = scratch.resolve("data");
        ServerProcess first = start(data, "--storage-nodes", "2");
        first.terminate();
        first.exitCode();
        assertRefused(
                run(arguments(data, "--storage-nodes", "3")),
                "forebay: data folder " + data + " was made with --storage-nodes 2, not 3: ");
    }

    @Test
    void unknownSettingIsOneSentence() {
        assertRefused(
                run(arguments(scratch.resolve("data"), "--set", "server.lisen=x")),
                "forebay: unknown setting server.lisen: did you mean server.listen?");
    }

    @Test
    void takenPortOfAStorageNodeIsReplaced() throws IOException {
        Path data = scratch.resolve("data");
        ServerProcess first = start(data, "--storage-nodes", "3");
        try (RawHttp http = new RawHttp(first.url())) {
            http.send("PUT", "/bucket");
            for (int index = 0; index < 20; index++) {
                assertStored(http, "/bucket/" + index, Content.of(100, index));
            }
        }
        first.terminate();
        first.exitCode();
        int port = Integer.parseInt(Files.readString(data.resolve("nodes.properties"))
                .replaceAll("(?s).*storage-node-2.port=(\\d+).*", "$1"));
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            ServerProcess second = start(data);
            assertThat(second.banner()).doesNotContain(":" + taken.getLocalPort() + " ");
            try (RawHttp http = new RawHttp(second.url())) {
                for (int index = 0; index < 20; index++) {
                    assertThat(http.send("GET", "/bucket/" + index).body()).isEqualTo(Content.of(100, index));
                }
            }
        }
    }

    private static void assertStored(RawHttp http, String target, byte[] content) {
        assertThat(http.send("PUT", target, "", content).status()).isEqualTo(200);
    }

    private static void assertRefused(ServerProcess process, String sentence) {
        assertThat(process.isReady()).isFalse();
        assertThat(process.exitCode()).isEqualTo(1);
        assertThat(process.errors()).startsWith(sentence).hasLineCount(1);
        assertThat(process.banner()).isEmpty();
    }

    /// Waits until the process has begun to stop: it then says that it is not ready, or listens no more.
    private static void awaitNotReady(ServerProcess server) {
        for (boolean ready = true; ready; LockSupport.parkNanos(POLL_NANOS)) {
            try (RawHttp control = new RawHttp(server.controlUrl())) {
                ready = control.send("GET", "/ready").status() == 200;
            } catch (java.io.UncheckedIOException e) {
                ready = false;
            }
        }
    }

    private ServerProcess start(Path data, String... more) {
        ServerProcess process = run(arguments(data, more));
        assertThat(process.isReady()).as(process.errors()).isTrue();
        return process;
    }

    private ServerProcess run(String... arguments) {
        ServerProcess process = ServerProcess.run(LAYOUT, scratch, Map.of(), arguments);
        running.add(process);
        return process;
    }

    private static String[] arguments(Path data, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--data", data.toString(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
