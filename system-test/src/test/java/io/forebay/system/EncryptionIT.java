package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.app.GivenKeys;
import io.forebay.system.server.Cluster;
import io.forebay.system.server.RawHttp;
import io.forebay.system.server.RawHttp.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encrypted objects behind both faces, on three nodes, across restarts and changes of the master key; and nothing of
/// them, and no key, in any file of the cluster.
final class EncryptionIT {
    private static final String SECRET_TEXT = "a text that must not be in any file of the cluster ";
    private static final String KEY = "pO3upElrwuEXSoFwCfnZPdSsmt/xWeFa0N9KgDijwVs=";
    private static final String SSE_C = "x-amz-server-side-encryption-customer-algorithm: AES256\r\n"
            + "x-amz-server-side-encryption-customer-key: " + KEY + "\r\n"
            + "x-amz-server-side-encryption-customer-key-MD5: DWygnHRtgiJ77HCm+1rvHw==\r\n";
    private static final String SSE_S3 = "x-amz-server-side-encryption: AES256\r\n";
    private static final String SSE_KMS =
            "x-amz-server-side-encryption: aws:kms\r\nx-amz-server-side-encryption-aws-kms-key-id: local\r\n";
    private static final byte[] NOTHING = {};

    @TempDir
    private Path folder;

    @Test
    void everyKindComesBackAndLeavesNothingReadable() throws IOException {
        Path data = folder.resolve("data");
        Map<String, String> settings = new TreeMap<>();
        settings.put("server.storage-nodes", "3");
        settings.put("gateway.s3.customer-keys-over-http", "true");
        settings.put("storage.encryption.keys", "local");
        try (Cluster cluster = Cluster.start(data, settings, GivenKeys.NONE)) {
            try (RawHttp http = new RawHttp(cluster.url())) {
                assertThat(http.send("PUT", "/bucket").status()).isEqualTo(200);
                assertThat(http.send("PUT", "/safe").status()).isEqualTo(200);
                assertThat(http.send("PUT", "/safe?encryption", byDefault()).status())
                        .isEqualTo(200);
                for (int index = 0; index < 8; index++) {
                    write(cluster, http, index);
                }
                moveAndCopy(cluster, http);
            }
            cluster.restart();
            try (RawHttp http = new RawHttp(cluster.url())) {
                for (int index = 0; index < 8; index++) {
                    read(cluster, http, index);
                }
            }
        }
        assertThat(filesWith(data, SECRET_TEXT.substring(0, 20))).isEmpty();
        assertThat(filesWith(data, KEY)).isEmpty();
        assertThat(Files.readString(data.resolve("forebay.log"))).isNotEmpty();
    }

    private static void write(Cluster cluster, RawHttp http, int index) {
        byte[] content = content(index);
        Answer put = http.send("PUT", "/bucket/s3-" + index, SSE_S3, content);
        assertThat(put.header("x-amz-server-side-encryption")).isEqualTo("AES256");
        put = http.send("PUT", "/bucket/kms-" + index, SSE_KMS, content);
        assertThat(put.header("x-amz-server-side-encryption-aws-kms-key-id")).isEqualTo("local");
        put = http.send("PUT", "/bucket/customer-" + index, SSE_C, content);
        assertThat(put.header("x-amz-server-side-encryption-customer-key-md5")).isEqualTo("DWygnHRtgiJ77HCm+1rvHw==");
        assertThat(ais(cluster, "PUT", "safe/ais-" + index, content).status()).isEqualTo(200);
        read(cluster, http, index);
    }

    private static void read(Cluster cluster, RawHttp http, int index) {
        byte[] content = content(index);
        for (String name : new String[] {"bucket/s3-", "bucket/kms-", "safe/ais-"}) {
            Answer got = http.send("GET", "/" + name + index);
            assertThat(got.body()).isEqualTo(content);
            assertThat(got.header("x-amz-server-side-encryption")).isIn("AES256", "aws:kms");
            assertThat(ais(cluster, "GET", name + index, NOTHING).body()).isEqualTo(content);
            Answer range = http.send("GET", "/" + name + index, "Range: bytes=1-3\r\n", NOTHING);
            assertThat(range.text()).isEqualTo(SECRET_TEXT.substring(1, 4));
        }
        String customer = "bucket/customer-" + index;
        assertThat(http.send("GET", "/" + customer, SSE_C, NOTHING).body()).isEqualTo(content);
        assertThat(http.send("GET", "/" + customer).status()).isEqualTo(400);
        assertThat(http.send("HEAD", "/" + customer).status()).isEqualTo(400);
        assertThat(ais(cluster, "GET", customer, NOTHING).text()).contains("is encrypted by a key of its writer");
    }

    /// Whoever owns the two names.
    private static void moveAndCopy(Cluster cluster, RawHttp http) {
        byte[] content = content(5);
        for (int index = 0; index < 8; index++) {
            String name = "kms-moved-" + index;
            assertThat(http.send("PUT", "/bucket/begin-" + index, SSE_KMS, content)
                            .status())
                    .isEqualTo(200);
            String rename = "{\"action\":\"rename-obj\",\"name\":\"" + name + "\"}";
            byte[] message = rename.getBytes(StandardCharsets.UTF_8);
            assertThat(ais(cluster, "POST", "bucket/begin-" + index, message).status())
                    .isEqualTo(200);
            Answer moved = http.send("GET", "/bucket/" + name);
            assertThat(moved.body()).isEqualTo(content);
            assertThat(moved.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
            String source = "x-amz-copy-source: /bucket/" + name + "\r\n";
            Answer copied = http.send("PUT", "/bucket/copy-" + index, source + SSE_C, NOTHING);
            assertThat(copied.header("x-amz-server-side-encryption-customer-algorithm"))
                    .isEqualTo("AES256");
            assertThat(http.send("GET", "/bucket/copy-" + index, SSE_C, NOTHING).body())
                    .isEqualTo(content);
        }
    }

    @Test
    void masterKeyCanBeReplaced() throws IOException {
        Path first = Files.writeString(folder.resolve("first"), "1".repeat(64));
        Path second = Files.writeString(folder.resolve("second"), "2".repeat(64));
        Map<String, String> settings = new TreeMap<>(Map.of("server.storage-nodes", "1"));
        try (Cluster cluster = Cluster.start(folder.resolve("data"), settings, GivenKeys.NONE);
                RawHttp http = new RawHttp(cluster.url())) {
            http.send("PUT", "/bucket");
            assertThat(http.send("PUT", "/bucket/0", SSE_S3, content(0)).status())
                    .isEqualTo(200);
        }
        settings.put("server.master-key-file", first.toString());
        assertThatOneMoreIsReadable(settings, 1);
        settings.put("server.master-key-file", second.toString());
        settings.put("server.other-master-key-files", first.toString());
        assertThatOneMoreIsReadable(settings, 2);
        settings.remove("server.other-master-key-files");
        try (Cluster cluster = Cluster.start(folder.resolve("data"), settings, GivenKeys.NONE);
                RawHttp http = new RawHttp(cluster.url())) {
            Answer lost = http.send("GET", "/bucket/1");
            assertThat(lost.status()).isEqualTo(400);
            assertThat(lost.text()).contains("KMS.NotFoundException", "is not known here");
            assertThat(http.send("GET", "/bucket/2").body()).isEqualTo(content(2));
            assertThat(http.send("GET", "/bucket/0").body()).isEqualTo(content(0));
            assertThat(http.send("GET", "/bucket?list-type=2").text()).contains("<KeyCount>3</KeyCount>");
        }
    }

    private void assertThatOneMoreIsReadable(Map<String, String> settings, int index) {
        try (Cluster cluster = Cluster.start(folder.resolve("data"), settings, GivenKeys.NONE);
                RawHttp http = new RawHttp(cluster.url())) {
            assertThat(http.send("PUT", "/bucket/" + index, SSE_S3, content(index))
                            .status())
                    .isEqualTo(200);
            for (int earlier = 0; earlier <= index; earlier++) {
                assertThat(http.send("GET", "/bucket/" + earlier).body()).isEqualTo(content(earlier));
            }
        }
    }

    private static String byDefault() {
        return "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>"
                + "<SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>"
                + "</ServerSideEncryptionConfiguration>";
    }

    private static byte[] content(int index) {
        return SECRET_TEXT.repeat(1 + index * index * 600).getBytes(StandardCharsets.UTF_8);
    }

    private static List<Path> filesWith(Path data, String text) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> has(file, text))
                    .toList();
        }
    }

    private static boolean has(Path file, String text) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends an AIStore request and follows its redirect.
    private static Answer ais(Cluster cluster, String method, String path, byte[] body) {
        try (RawHttp http = new RawHttp(cluster.url())) {
            Answer answer = http.send(method, "/v1/objects/" + path, "", body);
            if (answer.status() != 301 && answer.status() != 307) {
                return answer;
            }
            URI location = URI.create(answer.header("location"));
            try (RawHttp owner = new RawHttp(URI.create("http://" + location.getAuthority()))) {
                return owner.send(method, location.getRawPath() + "?" + location.getRawQuery(), "", body);
            }
        }
    }
}
