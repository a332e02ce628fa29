package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Below the reserve every kind of write is refused as out of space by either face; reads, listings and
/// removals go on.
final class OutOfSpaceIT {
    private static final List<Integer> SIZES = List.of(1, 5_000, 300_000);

    @TempDir
    private Path data;

    @Test
    void belowTheReserveOnlyWritesAreRefused() {
        String upload;
        try (Cluster cluster = Cluster.start(data, 1);
                RawHttp http = new RawHttp(cluster.url())) {
            assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
            for (int size : SIZES) {
                put(http, "/bucket/o" + size, size, 200);
                put(http, "/bucket/d" + size, size, 200);
            }
            upload = uploadId(http.send("POST", "/bucket/m?uploads"));
            put(http, "/bucket/m?partNumber=1&uploadId=" + upload, 1000, 200);
        }
        // All of the disk is reserve: nothing may be written.
        Map<String, String> full =
                Map.of("storage.store.volume.reserve", "100%", "storage.store.volume.reserve-limit", "1PiB");
        try (Cluster cluster = Cluster.start(data, full, GivenKeys.NONE);
                RawHttp http = new RawHttp(cluster.url());
                RawHttp control = new RawHttp(cluster.controlUrl())) {
            for (int size : SIZES) {
                refusedByS3(http.send("PUT", "/bucket/n" + size, "", Content.of(size, size)));
                refusedByS3(http.send("PUT", "/bucket/o" + size, "", Content.of(size, 9)));
                refusedByAis(http.send("PUT", "/v1/objects/bucket/n" + size, "", Content.of(size, size)));
                refusedByAis(http.send("PUT", "/v1/objects/bucket/o" + size, "", Content.of(size, 9)));
                refusedByAis(http.send(
                        "PUT", "/v1/objects/bucket/a" + size + "?append_type=append", "", Content.of(size, 9)));
            }
            refusedByS3(http.send("PUT", "/bucket/m?partNumber=2&uploadId=" + upload, "", Content.of(500, 1)));
            refusedByS3(http.send("PUT", "/bucket/c", "x-amz-copy-source: /bucket/o300000\r\n", new byte[0]));
            for (int size : SIZES) {
                assertThat(http.send("GET", "/bucket/o" + size).body()).isEqualTo(Content.of(size, size));
                assertThat(http.send("GET", "/v1/objects/bucket/o" + size).body())
                        .isEqualTo(Content.of(size, size));
                assertThat(http.send("GET", "/bucket/n" + size).status()).isEqualTo(404);
            }
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>6</KeyCount>");
            assertThat(http.send("DELETE", "/bucket/d1").status()).isEqualTo(204);
            assertThat(http.send("DELETE", "/v1/objects/bucket/d5000").status()).isEqualTo(200);
            assertThat(http.send("DELETE", "/bucket/d300000").status()).isEqualTo(204);
            assertThat(http.send("DELETE", "/bucket/m?uploadId=" + upload).status())
                    .isEqualTo(204);
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>3</KeyCount>");
            assertThat(control.metric("forebay_storage_refused_no_space_total")).isGreaterThanOrEqualTo(17);
            assertThat(control.metric("forebay_storage_free_bytes")).isZero();
        }
    }

    private static void put(RawHttp http, String target, int size, int status) {
        assertThat(http.send("PUT", target, "", Content.of(size, size)).status())
                .isEqualTo(status);
    }

    private static void refusedByS3(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(507);
        assertThat(answer.text()).contains("<Code>InsufficientStorage</Code>", "not enough free space");
    }

    private static void refusedByAis(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(507);
        assertThat(answer.text()).contains("above its reserve of");
    }

    private static String uploadId(Answer answer) {
        String text = answer.text();
        return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
    }
}
