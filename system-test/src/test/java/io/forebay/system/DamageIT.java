package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Bytes that change on the disk of a running server are found, never served, listed, and gone when written again.
final class DamageIT {
    private static final byte[] SMALL = Content.of(3000, 1);
    private static final byte[] LARGE = Content.of(300_000, 2);

    @TempDir
    private Path data;

    @Test
    void damageIsFoundRefusedListedAndHealed() throws IOException {
        Map<String, String> settings =
                Map.of("storage.store.volume.segment", "4MiB", "storage.store.volume.spare-segments", "0");
        try (Cluster cluster = Cluster.start(data, settings, GivenKeys.NONE);
                RawHttp http = new RawHttp(cluster.url());
                RawHttp control = new RawHttp(cluster.controlUrl())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            for (String name : List.of("small", "large")) {
                put(http, name, name.equals("small") ? SMALL : LARGE);
                put(http, name + "-neighbour", Content.of(2000, 3));
            }
            flip(".seg", SMALL);
            flip("", LARGE);
            scrub(control);
            String found = control.send("GET", "/admin/scrub").text();
            assertThat(found)
                    .contains("\"name\":\"small\"", "\"name\":\"large\"")
                    .doesNotContain("neighbour");
            assertThat(control.send("GET", "/metrics").text())
                    .containsPattern("forebay_storage_damaged_objects\\{[^}]*} 2");
            for (String name : List.of("small", "large")) {
                refusedOnBothFaces(http, name);
                assertThat(http.send("GET", "/bucket/" + name + "-neighbour").body())
                        .isEqualTo(Content.of(2000, 3));
            }
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>4</KeyCount>");
            put(http, "small", SMALL);
            assertThat(http.send("DELETE", "/v1/objects/bucket/large").status()).isEqualTo(200);
            put(http, "large", LARGE);
            assertThat(http.send("GET", "/bucket/small").body()).isEqualTo(SMALL);
            assertThat(http.send("GET", "/v1/objects/bucket/large").body()).isEqualTo(LARGE);
            assertThat(control.send("GET", "/admin/scrub").text()).contains("\"damaged\":[]");
        }
    }

    private static void refusedOnBothFaces(RawHttp http, String name) {
        Answer s3 = http.send("GET", "/bucket/" + name);
        assertThat(s3.status()).isEqualTo(500);
        assertThat(s3.text()).contains("<Code>InternalError</Code>", "bucket/" + name + " is damaged");
        Answer ais = http.send("GET", "/v1/objects/bucket/" + name);
        assertThat(ais.status()).isEqualTo(500);
        assertThat(ais.text()).contains("bucket/" + name + " is damaged");
        http.write(
                ("HEAD /bucket/" + name + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        assertThat(http.read(true).status()).isEqualTo(200);
    }

    private static void put(RawHttp http, String name, byte[] content) {
        assertThat(http.send("PUT", "/bucket/" + name, "", content).status()).isEqualTo(200);
    }

    private static void scrub(RawHttp control) {
        Answer begun = control.send("POST", "/admin/scrub", "{\"volume\":\"\"}");
        assertThat(begun.status()).as(begun.text()).isEqualTo(200);
        while (control.send("GET", "/admin/scrub").text().contains("\"running\":true")) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(20_000_000);
        }
    }

    /// Changes one byte of that content in the file that has it.
    private void flip(String suffix, byte[] content) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("storage-node-1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                long at = file.toString().endsWith(suffix) ? find(file, content) : -1;
                if (at >= 0) {
                    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                        byte changed = (byte) ~content[content.length / 2];
                        channel.write(ByteBuffer.wrap(new byte[] {changed}), at + content.length / 2);
                    }
                    return;
                }
            }
        }
        throw new AssertionError("no file has the content");
    }

    private static long find(Path file, byte[] wanted) throws IOException {
        byte[] all = Files.readAllBytes(file);
        for (int at = 0; at + wanted.length <= all.length; at++) {
            int same = 0;
            while (same < wanted.length && all[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
