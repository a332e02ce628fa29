package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
        node = new NodeFixture(folder);
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
                .isEqualTo("crc32c");
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
