package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTest {
    /// XXH64 of `0123456789`.
    private static final String XXHASH = "3f5fc178a81867e7";

    @TempDir
    private Path folder;

    NodeFixture node;

    @BeforeEach
    void open() {
        node = fixture(folder);
        Headers headers = new Headers().add("Ais-Custom-Md", "k=v").add("Ais-Custom-Md", "a=b=c");
        assertThat(node.send(Method.PUT, "/objects/b/digits", headers, "0123456789")
                        .status())
                .isEqualTo(200);
    }

    NodeFixture fixture(Path data) {
        return new NodeFixture(data);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void wholeObjectComesWithAistoresHeaders() {
        Reply reply = node.send(Method.GET, "/objects/b/digits?provider=ais");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply)).isEqualTo("0123456789");
        Headers headers = reply.headers();
        assertThat(headers.find("Ais-Checksum-Type")).isEqualTo("xxhash2");
        assertThat(headers.find("Ais-Checksum-Value")).isEqualTo(XXHASH);
        assertThat(headers.find("Ais-Version")).isEqualTo("1");
        assertThat(headers.find("Ais-Atime", "")).matches("\\d{19}");
        assertThat(headers.all("Ais-Custom-Md")).containsExactlyInAnyOrder("k=v", "a=b=c");
        assertThat(headers.find("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(headers.find("Content-Range")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,0,bytes 0-0/10",
        "bytes=2-4,234,bytes 2-4/10",
        "bytes=7-,789,bytes 7-9/10",
        "bytes=-3,789,bytes 7-9/10",
        "bytes=8-99,89,bytes 8-9/10",
        "bytes=-99,0123456789,bytes 0-9/10",
    })
    void rangeIsPartialContent(String range, String content, String contentRange) {
        for (Headers headers : new Headers[] {new Headers(), extended()}) {
            Reply reply = node.send(Method.GET, "/objects/b/digits", headers.add("Range", range));
            assertThat(reply.status()).isEqualTo(206);
            assertThat(reply.headers().find("Content-Range")).isEqualTo(contentRange);
            assertThat(reply.headers().find("Accept-Ranges")).isEqualTo("bytes");
            assertThat(text(reply)).isEqualTo(content);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-11", "bytes=-0"})
    void rangeBeyondTheEndIsNotSatisfiable(String range) {
        for (Headers headers : new Headers[] {new Headers(), extended()}) {
            Reply reply = node.send(Method.GET, "/objects/b/digits", headers.add("Range", range));
            assertThat(reply.status()).isEqualTo(416);
            assertThat(reply.headers().find("Content-Range")).isEqualTo("bytes */10");
            assertThat(text(reply)).contains("ErrRangeNotSatisfiable", "size=10", range);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-4", "bytes=4-2", "bytes=a-b", "bytes=0-1,3-4", "bytes=", "bytes=-", "lines=0-1"})
    void malformedRangeIsAnErrorForAistoreAndNoneForFaces(String range) {
        Headers headers = new Headers().add("Range", range);
        assertThat(node.send(Method.GET, "/objects/b/digits", headers).status()).isEqualTo(416);
        Reply whole = node.send(Method.GET, "/objects/b/digits", extended().add("Range", range));
        assertThat(whole.status()).isEqualTo(200);
        assertThat(text(whole)).isEqualTo("0123456789");
    }

    @Test
    void emptyObjectIsReadWholeAndHasNoRange() {
        node.put("empty", "");
        Reply reply = node.send(Method.GET, "/objects/b/empty");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.payload().length()).isZero();
        for (String range : new String[] {"bytes=0-", "bytes=0-0", "bytes=-1"}) {
            Reply ranged = node.send(Method.GET, "/objects/b/empty", new Headers().add("Range", range));
            assertThat(ranged.status()).isEqualTo(416);
            assertThat(ranged.headers().find("Content-Range")).isEqualTo("bytes */0");
        }
    }

    @Test
    void missingObjectAndBucketAreToldInAistoresWords() {
        Reply noObject = node.send(Method.GET, "/objects/b/nothing");
        assertThat(noObject.status()).isEqualTo(404);
        assertThat(text(noObject)).contains("\"message\":\"t[node1]: ais://b/nothing does not exist\"");
        Reply noBucket = node.send(Method.GET, "/objects/c/o");
        assertThat(noBucket.status()).isEqualTo(404);
        assertThat(text(noBucket)).contains("\"message\":\"bucket \\\"ais://c\\\" does not exist\"");
        Reply head = node.send(Method.HEAD, "/objects/b/nothing");
        assertThat(head.status()).isEqualTo(404);
        assertThat(head.payload().length()).isZero();
        assertThat(head.headers().find("Hdr-Error", "")).contains("ais://b/nothing does not exist");
    }

    @Test
    void checksumTypeFollowsTheBucket() {
        node.createBucket("sha", Map.of("checksum.type", "sha256"));
        node.createBucket("none", Map.of("checksum.type", "none"));
        node.createBucket("old", Map.of("checksum.type", "xxhash"));
        for (String bucket : new String[] {"sha", "none", "old"}) {
            node.send(Method.PUT, "/objects/" + bucket + "/o", new Headers(), "0123456789");
        }
        Headers sha = node.send(Method.GET, "/objects/sha/o").headers();
        assertThat(sha.find("Ais-Checksum-Type")).isEqualTo("sha256");
        assertThat(sha.find("Ais-Checksum-Value"))
                .isEqualTo("84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882");
        assertThat(node.send(Method.GET, "/objects/none/o").headers().contains("Ais-Checksum-Type"))
                .isFalse();
        Headers old = node.send(Method.GET, "/objects/old/o").headers();
        assertThat(old.find("Ais-Checksum-Type")).isEqualTo("xxhash");
        assertThat(old.find("Ais-Checksum-Value")).isEqualTo(XXHASH);
    }

    @Test
    void versionIsShownWhileVersioningIsOn() {
        node.put("digits", "new");
        assertThat(node.send(Method.GET, "/objects/b/digits").headers().find("Ais-Version"))
                .isEqualTo("2");
        node.log.submit(new Command.SetBucketProperties(BucketName.of("b"), Map.of("versioning.enabled", "false")));
        assertThat(node.send(Method.GET, "/objects/b/digits").headers().contains("Ais-Version"))
                .isFalse();
    }

    @Test
    void rangeShowsItsOwnChecksumWhereTheBucketSaysSo() {
        Headers range = new Headers().add("Range", "bytes=0-2");
        assertThat(node.send(Method.GET, "/objects/b/digits", range).headers().find("Ais-Checksum-Value"))
                .isEqualTo(XXHASH);
        node.log.submit(
                new Command.SetBucketProperties(BucketName.of("b"), Map.of("checksum.enable_read_range", "true")));
        node.put("part", "012");
        String ofPart = node.send(Method.GET, "/objects/b/part").headers().find("Ais-Checksum-Value");
        assertThat(node.send(Method.GET, "/objects/b/digits", range).headers().find("Ais-Checksum-Value"))
                .isEqualTo(ofPart);
    }

    @Test
    void validationReadsTheBytesFirst() {
        assertThat(text(node.send(Method.GET, "/objects/b/digits?validate-checksum=true")))
                .isEqualTo("0123456789");
        assertThat(node.sendWithoutWaiting(Method.GET, "/objects/b/digits?validate-checksum=true", new Headers())
                        .wouldWait())
                .isTrue();
    }

    @Test
    void smallObjectIsAnsweredWithoutWaiting() {
        node.content("digits");
        Reply get = node.sendWithoutWaiting(Method.GET, "/objects/b/digits", new Headers());
        assertThat(get.status()).isEqualTo(200);
        assertThat(text(get)).isEqualTo("0123456789");
        assertThat(node.sendWithoutWaiting(Method.HEAD, "/objects/b/digits", new Headers())
                        .status())
                .isEqualTo(200);
        assertThat(node.sendWithoutWaiting(Method.DELETE, "/objects/b/digits", new Headers())
                        .wouldWait())
                .isTrue();
        assertThat(node.metrics.text()).contains("forebay_node_fast_requests_total{node=\"node1\"} 2");
    }

    @Test
    void faceGetsEveryAttribute() {
        Headers given = extended()
                .add("Forebay-System", "content-type=text%2Fplain")
                .add("Forebay-Custom", "color=gr%C3%BCn")
                .add("Forebay-Compute", "md5,crc64nvme");
        Reply put = node.send(Method.PUT, "/objects/b/face", given, "0123456789");
        ObjectAttributes stored = AttributeHeaders.read(put.headers());
        assertThat(stored.etag()).isEqualTo("781e5e245d69b566979b86e28d23f2c7");
        assertThat(stored.system()).containsEntry("content-type", "text/plain");
        assertThat(stored.custom()).containsEntry("color", "grün");
        assertThat(stored.size()).isEqualTo(10);
        assertThat(AttributeHeaders.read(
                        node.send(Method.GET, "/objects/b/face", extended()).headers()))
                .isEqualTo(stored);
        Reply head = node.send(Method.HEAD, "/objects/b/face", extended());
        assertThat(AttributeHeaders.read(head.headers())).isEqualTo(stored);
        assertThat(head.payload().length()).isEqualTo(10);
    }

    @Test
    void conditionsHoldForFacesOnly() {
        String etag = node.send(Method.HEAD, "/objects/b/digits", extended())
                .headers()
                .find("Forebay-Etag", "");
        Headers same = extended().add("If-None-Match", "\"" + etag + "\"");
        Reply notModified = node.send(Method.GET, "/objects/b/digits", same);
        assertThat(notModified.status()).isEqualTo(304);
        assertThat(notModified.payload().length()).isZero();
        assertThat(AttributeHeaders.read(notModified.headers()).etag()).isEqualTo(etag);
        assertThat(node.send(Method.HEAD, "/objects/b/digits", same).status()).isEqualTo(304);
        Headers other = extended().add("If-Match", "\"other\"");
        assertThat(node.send(Method.GET, "/objects/b/digits", other).status()).isEqualTo(412);
        Headers old = extended().add("If-Unmodified-Since", HttpDate.format(0));
        assertThat(node.send(Method.GET, "/objects/b/digits", old).status()).isEqualTo(412);
        Headers plain = new Headers().add("If-None-Match", "\"" + etag + "\"").add("If-Match", "\"other\"");
        assertThat(node.send(Method.GET, "/objects/b/digits", plain).status()).isEqualTo(200);
    }

    @Test
    void rangeOfAnotherVersionIsTheWholeObject() {
        Headers head = node.send(Method.HEAD, "/objects/b/digits", extended()).headers();
        String etag = head.find("Forebay-Etag", "");
        String date = HttpDate.format(Long.parseLong(head.find("Forebay-Modified", "")));
        for (String same : new String[] {"\"" + etag + "\"", etag, date}) {
            Headers headers = extended().add("Range", "bytes=0-1").add("If-Range", same);
            assertThat(node.send(Method.GET, "/objects/b/digits", headers).status())
                    .isEqualTo(206);
        }
        for (String other : new String[] {"\"other\"", "W/\"" + etag + "\"", HttpDate.format(0)}) {
            Headers headers = extended().add("Range", "bytes=0-1").add("If-Range", other);
            assertThat(node.send(Method.GET, "/objects/b/digits", headers).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void bytesThatChangedOnDiskAreFoundByValidation() throws IOException {
        corrupt("0123456789");
        Reply reply = node.send(Method.GET, "/objects/b/digits?validate-checksum=true");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.headers().find("Forebay-Error")).isEqualTo("CORRUPT");
        assertThat(text(reply)).contains("\"tcode\":\"ErrBadCksum\"", "BAD DATA CHECKSUM: ais://b/digits");
    }

    @Test
    void plainObjectIsItsOnlyPart() {
        Reply first = node.send(Method.GET, "/objects/b/digits?partNumber=1", extended());
        assertThat(first.status()).isEqualTo(206);
        assertThat(text(first)).isEqualTo("0123456789");
        assertThat(node.send(Method.GET, "/objects/b/digits?partNumber=2", extended())
                        .status())
                .isEqualTo(416);
        assertThat(node.send(Method.GET, "/objects/b/digits?partNumber=0", extended())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void namesOfFacesAreAnyText() {
        for (String name : new String[] {"..", ".", "a/../b", "/x//", "~/x", "ends/", "\u0001\n", "\ud83d\ude00"}) {
            String target = "/objects/b/" + io.forebay.protocol.http.PercentCode.encodePath(name);
            assertThat(node.send(Method.PUT, target, extended(), name).status()).isEqualTo(200);
            assertThat(text(node.send(Method.GET, target, extended()))).isEqualTo(name);
        }
        assertThat(node.names()).hasSize(9);
    }

    /// Changes the first byte of that content wherever the node's files have it.
    final void corrupt(String content) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(channel.size(), 1 << 16));
                    channel.read(bytes, 0);
                    int at = new String(bytes.array(), StandardCharsets.ISO_8859_1).indexOf(content);
                    if (at >= 0) {
                        channel.write(ByteBuffer.wrap(new byte[] {'X'}), at);
                    }
                }
            }
        }
    }
}
