package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Bodies whose checksum is wrong, in every form in which one is sent, while somebody reads the object all the time:
/// its content is never anything but what was there before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WrongChecksumsIT {
    private static final int ROUNDS = 20;
    private static final int LARGE = 3 << 20;
    private static final String KEPT = "kept";
    private static final String ZEROS = "0000000000000000000000000000000000000000000000000000000000000000";

    private Cluster cluster;

    @BeforeAll
    void start(@TempDir Path data) {
        cluster = Cluster.start(data, 2);
        try (RawHttp http = new RawHttp(cluster.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            assertThat(http.send("PUT", "/bucket/k", KEPT).status()).isEqualTo(200);
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Content-MD5: rL0Y20zC+Fzt72VPzMSk2A== | -",
                "x-amz-checksum-crc32: AAAAAA== | -",
                "x-amz-checksum-crc32c: AAAAAA== | -",
                "x-amz-checksum-crc64nvme: AAAAAAAAAAA= | -",
                "x-amz-checksum-sha1: AAAAAAAAAAAAAAAAAAAAAAAAAAA= | -",
                "x-amz-checksum-sha256: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | -",
                "x-amz-content-sha256: " + ZEROS + " | -",
                "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER | x-amz-checksum-crc32:AAAAAA==",
                "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER | x-amz-checksum-sha1:nonsense",
                "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER | none:x"
            })
    void contentIsNeverThere(String line, String trailer) throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger reads = new AtomicInteger();
        AtomicReference<@Nullable String> other = new AtomicReference<>();
        Thread reader = Thread.ofVirtual().start(() -> readUntil(done, reads, other));
        try (RawHttp http = new RawHttp(cluster.url())) {
            for (int round = 0; round < ROUNDS; round++) {
                byte[] content = Content.of(round % 2 == 0 ? 1000 : LARGE, round);
                Answer answer = trailer.equals("-")
                        ? http.send("PUT", "/bucket/k", line + "\r\n", content)
                        : http.send("PUT", "/bucket/k", framing(line, trailer, content), framed(content, trailer));
                assertThat(answer.status()).as(answer.text()).isEqualTo(400);
            }
        } finally {
            done.set(true);
            reader.join();
        }
        assertThat(other.get()).isNull();
        assertThat(reads).hasPositiveValue();
    }

    private void readUntil(AtomicBoolean done, AtomicInteger reads, AtomicReference<@Nullable String> other) {
        try (RawHttp http = new RawHttp(cluster.url())) {
            do {
                Answer answer = http.send("GET", "/bucket/k");
                if (!answer.text().equals(KEPT)) {
                    other.set("status " + answer.status() + ", " + answer.body().length + " bytes");
                }
                reads.incrementAndGet();
            } while (!done.get());
        }
    }

    private static String framing(String line, String trailer, byte[] content) {
        String announced =
                trailer.startsWith("none") ? "x-amz-checksum-crc32" : trailer.substring(0, trailer.indexOf(':'));
        return line + "\r\nContent-Encoding: aws-chunked\r\nx-amz-decoded-content-length: " + content.length
                + "\r\nx-amz-trailer: " + announced + "\r\n";
    }

    private static byte[] framed(byte[] content, String trailer) {
        String text = Integer.toHexString(content.length) + "\r\n" + new String(content, StandardCharsets.ISO_8859_1)
                + "\r\n0\r\n" + trailer + "\r\n\r\n";
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
