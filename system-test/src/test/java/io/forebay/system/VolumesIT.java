package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import io.forebay.system.server.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real server on three volumes that come, go, drain and are cut off in the middle of a move, while clients
/// write.
@Timeout(240)
final class VolumesIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final int OBJECTS = 120;

    @TempDir
    private Path scratch;

    private final List<ServerProcess> running = new ArrayList<>();
    private final Map<String, byte[]> model = new TreeMap<>();

    @AfterEach
    void endAll() {
        running.forEach(ServerProcess::close);
    }

    @Test
    void everyByteSurvivesVolumesThatComeAndGoAndAKillInTheMiddleOfAMove() {
        ServerProcess first = start("--volume", path(1), "--volume", path(2), "--volume", path(3));
        try (RawHttp http = new RawHttp(first.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            fill(http);
            order(first, "add", path(4));
            order(first, "drain", path(1));
            overwriteSome(http, 1);
        }
        // The move of 64 KiB a second has begun and is far from its end.
        await(first, list -> volume(list, path(1)).objectsLeft() > 0 && moved(first) > 0);
        first.kill();
        ServerProcess second = start("--set", "storage.store.move-rate=1GiB");
        check(second);
        await(second, list -> volume(list, path(1)).objects() == 0);
        check(second);
        whileClientsWrite(second, () -> {
            order(second, "remove", path(1));
            order(second, "disable", path(2));
            order(second, "enable", path(2));
            order(second, "drain", path(3));
            await(second, list -> volume(list, path(3)).objects() == 0);
            order(second, "remove", path(3));
            order(second, "add", path(5));
        });
        check(second);
        second.terminate();
        assertThat(second.exitCode()).isIn(0, 143);
        ServerProcess third = start();
        check(third);
        assertThat(volumes(third).volumes()).extracting(VolumeInfo::path).containsExactly(path(2), path(4), path(5));
    }

    @Test
    void objectsOfADisabledVolumeAreUnavailableAtBothFacesAndBackLater() {
        ServerProcess server = start("--volume", path(1), "--volume", path(2));
        try (RawHttp http = new RawHttp(server.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            fill(http);
            mountpath(http, server, "disable-mp", path(2));
            int unavailable = 0;
            for (String name : model.keySet()) {
                Answer s3 = http.send("GET", "/bucket/" + name);
                Answer ais = http.send("GET", "/v1/objects/bucket/" + name);
                assertThat(s3.status()).isIn(200, 503);
                assertThat(ais.status()).isEqualTo(s3.status());
                unavailable += s3.status() == 503 ? 1 : 0;
            }
            assertThat(unavailable).isBetween(10, OBJECTS - 10);
            assertThat(http.send("GET", "/bucket?list-type=2").status()).isEqualTo(503);
            assertThat(http.send("GET", "/v1/cluster?what=mountpaths").text())
                    .contains("\"disabled\":[\"" + path(2) + "\"]");
            mountpath(http, server, "enable-mp", path(2));
            mountpath(http, server, "fshc-mp", path(2));
            mountpath(http, server, "rescan-mp", path(2));
            mountpath(http, server, "attach-mp", path(3));
            mountpath(http, server, "detach-mp", path(1));
        }
        check(server);
    }

    /// Two clients, one a face, overwrite and read their own objects; everything acknowledged is in the model
    /// then.
    private void whileClientsWrite(ServerProcess server, Runnable changes) {
        AtomicBoolean ended = new AtomicBoolean();
        List<CompletableFuture<Map<String, byte[]>>> clients = new ArrayList<>();
        for (String prefix : List.of("/bucket/", "/v1/objects/bucket/")) {
            String own = prefix.length() > 10 ? "ais-" : "s3-";
            clients.add(CompletableFuture.supplyAsync(() -> write(server, prefix, own, ended)));
        }
        try {
            changes.run();
        } finally {
            ended.set(true);
        }
        clients.forEach(client -> model.putAll(client.join()));
    }

    private static Map<String, byte[]> write(ServerProcess server, String prefix, String own, AtomicBoolean ended) {
        Map<String, byte[]> written = new TreeMap<>();
        try (RawHttp http = new RawHttp(server.url())) {
            for (int round = 0; !ended.get() || round < 20; round++) {
                String name = own + round % 30;
                byte[] content = Content.of(round % 7 == 0 ? 200_000 : 500, round);
                int status = http.send("PUT", prefix + name, "", content).status();
                // A write that a volume's going cut off is told to come back.
                assertThat(status).isIn(200, 503);
                if (status == 503) {
                    assertThat(put(http, prefix + name, content)).isTrue();
                }
                written.put(name, content);
                Answer read = http.send("GET", prefix + name);
                assertThat(read.status()).isIn(200, 503);
                if (read.status() == 200) {
                    assertThat(read.body()).isEqualTo(content);
                }
            }
        }
        return written;
    }

    private static boolean put(RawHttp http, String target, byte[] content) {
        for (int attempt = 0; attempt < 100; attempt++) {
            if (http.send("PUT", target, "", content).status() == 200) {
                return true;
            }
        }
        return false;
    }

    private void fill(RawHttp http) {
        for (int index = 0; index < OBJECTS; index++) {
            byte[] content = Content.of(index % 4 == 0 ? 150_000 + index : 200 + index, index);
            String target = (index % 2 == 0 ? "/bucket/o" : "/v1/objects/bucket/o") + index;
            assertThat(http.send("PUT", target, "", content).status()).isEqualTo(200);
            model.put("o" + index, content);
        }
    }

    private void overwriteSome(RawHttp http, int seed) {
        for (int index = 0; index < OBJECTS; index += 5) {
            byte[] content = Content.of(3000, seed * 1000 + index);
            assertThat(http.send("PUT", "/bucket/o" + index, "", content).status())
                    .isEqualTo(200);
            model.put("o" + index, content);
            assertThat(http.send("DELETE", "/bucket/o" + (index + 1)).status()).isEqualTo(204);
            model.remove("o" + (index + 1));
        }
    }

    private void check(ServerProcess server) {
        try (RawHttp http = new RawHttp(server.url())) {
            model.forEach((name, content) -> {
                assertThat(http.send("GET", "/bucket/" + name).body()).as(name).isEqualTo(content);
                assertThat(http.send("GET", "/v1/objects/bucket/" + name).body())
                        .as(name)
                        .isEqualTo(content);
            });
            String listing = http.send("GET", "/bucket?list-type=2").text();
            assertThat(listing).contains("<KeyCount>" + model.size() + "</KeyCount>");
            model.keySet().forEach(name -> assertThat(listing).contains("<Key>" + name + "</Key>"));
        }
    }

    private static void mountpath(RawHttp http, ServerProcess server, String action, String path) {
        String node = volumes(server).node();
        byte[] message = WireJson.write(Map.of("action", action, "value", path));
        Answer answer = http.send("PUT", "/v1/reverse/daemon/mountpaths", "Ais-Node-Id: " + node + "\r\n", message);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    private static void order(ServerProcess server, String action, String path) {
        byte[] message = WireJson.write(new VolumeOrder(action, path, ""));
        try (RawHttp control = new RawHttp(server.controlUrl())) {
            Answer answer = control.send("POST", "/admin/volumes", JSON, message);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }
    }

    private static VolumeList volumes(ServerProcess server) {
        try (RawHttp control = new RawHttp(server.controlUrl())) {
            byte[] answer = control.send("GET", "/admin/volumes").body();
            return WireJson.read(answer, VolumeLists.class).nodes().getFirst();
        }
    }

    private static long moved(ServerProcess server) {
        try (RawHttp control = new RawHttp(server.controlUrl())) {
            return control.metric("forebay_storage_moved_objects_total");
        }
    }

    private static VolumeInfo volume(VolumeList list, String path) {
        return list.volumes().stream()
                .filter(volume -> volume.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    private static void await(ServerProcess server, Predicate<VolumeList> condition) {
        while (!condition.test(volumes(server))) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("what was waited for did not happen: " + volumes(server));
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private String path(int number) {
        return scratch.resolve("volume-" + number).toAbsolutePath().toString();
    }

    private ServerProcess start(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--data", scratch.resolve("data").toString(), "--listen", "127.0.0.1:0", "--control", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--set")) {
            arguments.addAll(List.of("--set", "storage.store.move-rate=64KiB"));
        }
        ServerProcess server = ServerProcess.run(LAYOUT, scratch, Map.of(), arguments.toArray(String[]::new));
        running.add(server);
        assertThat(server.isReady()).as(server.errors()).isTrue();
        return server;
    }
}
