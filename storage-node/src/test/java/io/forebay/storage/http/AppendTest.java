package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppendTest {
    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = fixture(folder);
    }

    NodeFixture fixture(Path data) {
        return new NodeFixture(data);
    }

    /// The type of the checksum that an object of pieces alone has.
    String checksumOfPieces() {
        return "crc32c";
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void piecesAreSeenTogetherAfterTheFlush() {
        String handle = append("", "one ");
        handle = append(handle, "two ");
        assertThat(node.names()).isEmpty();
        handle = append(handle, "");
        handle = append(handle, "three");
        assertThat(flush(handle, new Headers(), "").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("one two three");
        assertThat(node.send(Method.HEAD, "/objects/b/o").headers().find("Ais-Checksum-Type"))
                .isEqualTo(checksumOfPieces());
    }

    @Test
    void appendContinuesAnObjectThatIsThere() {
        node.put("o", "0123456789");
        String handle = append(append("", "abc"), "def");
        assertThat(node.content("o")).isEqualTo("0123456789");
        assertThat(flush(handle, new Headers(), "").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("0123456789abcdef");
        assertThat(flush(append("", "!"), new Headers(), "").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("0123456789abcdef!");
        assertThat(node.send(Method.GET, "/objects/b/o?validate-checksum=true").status())
                .isEqualTo(200);
    }

    @Test
    void handleSurvivesARestart() {
        String handle = append("", "before ");
        node.restart();
        handle = append(handle, "after");
        node.restart();
        flush(handle, new Headers(), "");
        assertThat(node.content("o")).isEqualTo("before after");
    }

    @Test
    void repeatedPieceReplacesItself() {
        String handle = append("", "one ");
        append(handle, "lost answer");
        flush(append(handle, "two"), new Headers(), "");
        assertThat(node.content("o")).isEqualTo("one two");
    }

    @Test
    void bytesThatComeWithTheFlushAreTheLastPiece() {
        flush(append("", "one "), new Headers(), "last");
        assertThat(node.content("o")).isEqualTo("one last");
    }

    @Test
    void flushOfNothingMakesAnEmptyObject() {
        assertThat(flush(append("", ""), new Headers(), "").status()).isEqualTo(200);
        assertThat(node.content("o")).isEmpty();
    }

    @Test
    void flushVerifiesTheWhole() {
        node.put("o", "0123");
        String handle = append("", "456789");
        Headers wrong = new Headers().add("Ais-Checksum-Type", "md5").add("Ais-Checksum-Value", "0".repeat(32));
        Reply refused = flush(handle, wrong, "");
        assertThat(refused.status()).isEqualTo(500);
        assertThat(text(refused)).contains("BAD DATA CHECKSUM");
        assertThat(node.content("o")).isEqualTo("0123");
        String hex = Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(NodeFixture.bytes("0123456789")))
                .hex();
        Headers right = new Headers().add("Ais-Checksum-Type", "xxhash2").add("Ais-Checksum-Value", hex);
        assertThat(flush(handle, right, "").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("0123456789");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "a|b|c", "node1|upload|xxhash2|x", "node1|upload|xxhash2|0", "|||", "1|u|xxhash2|1"})
    void handlesThatAreNoneAreRefused(String handle) {
        for (String type : new String[] {"append", "flush"}) {
            assertThat(send(type, handle, new Headers(), "x").status()).isEqualTo(400);
        }
        assertThat(node.names()).isEmpty();
    }

    @Test
    void unknownHandlesAreAbsent() {
        for (String handle : new String[] {"node1|abcdefghi|xxhash2|1", "node2|abcdefghi|xxhash2|1"}) {
            assertThat(send("append", handle, new Headers(), "x").status()).isEqualTo(404);
            assertThat(send("flush", handle, new Headers(), "").status()).isEqualTo(404);
        }
        assertThat(send("flush", "", new Headers(), "").status()).isEqualTo(400);
        assertThat(send("prepend", "", new Headers(), "").status()).isEqualTo(400);
    }

    @Test
    void objectThatWasReplacedMeanwhileIsNotExtended() {
        node.put("o", "old ");
        String handle = append("", "appended");
        node.put("o", "new");
        assertThat(flush(handle, new Headers(), "").status()).isEqualTo(412);
        assertThat(node.content("o")).isEqualTo("new");
    }

    @Test
    void flushedHandleIsGone() {
        String handle = append("", "x");
        flush(handle, new Headers(), "");
        assertThat(flush(handle, new Headers(), "").status()).isEqualTo(404);
        assertThat(node.content("o")).isEqualTo("x");
    }

    @Test
    void oneRequestAppends() {
        Headers made = NodeFixture.extended()
                .add("Forebay-Compute", "md5,crc64nvme")
                .add("Forebay-System", "content-type=text%2Fplain")
                .add("Forebay-Custom", "a=b");
        assertThat(node.send(Method.PUT, "/objects/b/o", made, "hello ").status())
                .isEqualTo(200);
        Reply extended = extend(6, "world", NodeFixture.extended());
        assertThat(extended.status()).isEqualTo(200);
        ObjectAttributes attributes = AttributeHeaders.read(extended.headers());
        assertThat(attributes.size()).isEqualTo(11);
        assertThat(attributes.version()).isEqualTo(2);
        assertThat(attributes.checksums()).containsExactly(sum(ChecksumType.CRC64NVME, "hello world"));
        assertThat(attributes.system()).isEqualTo(Map.of("content-type", "text/plain"));
        assertThat(attributes.custom()).isEqualTo(Map.of("a", "b"));
        assertThat(node.content("o")).isEqualTo("hello world");
        node.restart();
        assertThat(extend(11, "!".repeat(300_000), NodeFixture.extended()).status())
                .isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("hello world" + "!".repeat(300_000));
        assertThat(node.send(Method.GET, "/objects/b/o?validate-checksum=true").status())
                .isEqualTo(200);
    }

    @Test
    void contentWithoutAChecksumThatCombinesIsReadOnce() {
        node.put("o", "native");
        ObjectAttributes attributes =
                AttributeHeaders.read(extend(6, " more", NodeFixture.extended()).headers());
        assertThat(attributes.checksums()).containsExactly(sum(ChecksumType.CRC64NVME, "native more"));
    }

    @Test
    void extensionsThatDoNotFitAreRefused() {
        assertThat(extend(0, "x", NodeFixture.extended()).status()).isEqualTo(404);
        node.put("o", "hello");
        for (long offset : new long[] {0, 4, 6, -1}) {
            assertThat(extend(offset, "x", NodeFixture.extended()).headers().find("Forebay-Error"))
                    .isEqualTo("RANGE_NOT_SATISFIABLE");
        }
        assertThat(extend(5, "x", NodeFixture.extended().add("If-Match", "other"))
                        .status())
                .isEqualTo(412);
        assertThat(extend(5, "x", NodeFixture.extended().add("Forebay-Verify", "crc32=00000000"))
                        .headers()
                        .find("Forebay-Error"))
                .isEqualTo("CHECKSUM_MISMATCH");
        assertThat(node.send(Method.PUT, "/objects/b/o", NodeFixture.extended().add("Forebay-Write-Offset", "x"), "x")
                        .status())
                .isEqualTo(400);
        assertThat(node.content("o")).isEqualTo("hello");
    }

    @Test
    void objectHasOnlySoManyPieces() {
        try (NodeFixture small = new NodeFixture(folder.resolve("small"), Map.of("store.max-parts", "2"))) {
            small.put("o", "a");
            assertThat(extend(small, 1, "b").status()).isEqualTo(200);
            Reply refused = extend(small, 2, "c");
            assertThat(refused.headers().find("Forebay-Error")).isEqualTo("TOO_LARGE");
            assertThat(small.content("o")).isEqualTo("ab");
        }
    }

    private Reply extend(long offset, String content, Headers headers) {
        headers.add("Forebay-Write-Offset", offset);
        return node.send(Method.PUT, "/objects/b/o", headers, content);
    }

    private static Reply extend(NodeFixture node, long offset, String content) {
        Headers headers = NodeFixture.extended().add("Forebay-Write-Offset", offset);
        return node.send(Method.PUT, "/objects/b/o", headers, content);
    }

    private static Checksum sum(ChecksumType type, String content) {
        return Checksummers.of(type, ByteBuffer.wrap(NodeFixture.bytes(content)));
    }

    private String append(String handle, String content) {
        Reply reply = send("append", handle, new Headers(), content);
        assertThat(reply.status()).isEqualTo(200);
        String next = reply.headers().find("Ais-Append-Handle", "");
        assertThat(next.split("\\|", -1)).hasSize(4);
        return next;
    }

    private Reply flush(String handle, Headers headers, String content) {
        return send("flush", handle, headers, content);
    }

    private Reply send(String type, String handle, Headers headers, String content) {
        String target =
                "/objects/b/o?provider=ais&append_type=" + type + "&append_handle=" + PercentCode.encode(handle);
        return node.send(Method.PUT, target, headers, content);
    }
}
