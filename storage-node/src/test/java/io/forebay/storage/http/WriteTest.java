package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteTest {
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

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void putTellsWhatWasStored() {
        Reply reply = node.put("o", "0123456789");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.payload().length()).isZero();
        assertThat(reply.headers().find("Ais-Checksum-Type")).isEqualTo("xxhash2");
        assertThat(reply.headers().find("Ais-Version")).isEqualTo("1");
        assertThat(node.content("o")).isEqualTo("0123456789");
    }

    @Test
    void objectsSurviveARestart() {
        node.put("small", "small");
        String large = "0123456789abcdef".repeat(64 * 1024);
        node.put("large", large);
        node.restart();
        assertThat(node.content("small")).isEqualTo("small");
        assertThat(node.content("large")).isEqualTo(large);
        assertThat(node.names()).containsExactly("large", "small");
    }

    @Test
    void bodyOfUnknownLengthIsStoredWhole() {
        Reply reply = node.send(Method.PUT, "/objects/b/o", new Headers(), new Chunks("one ", "two ", "three"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("one two three");
    }

    @Test
    void matchingChecksumSkipsTheWrite() {
        Headers sum = new Headers();
        Reply first = node.put("o", "0123456789");
        sum.add("Ais-Checksum-Type", "xxhash2");
        sum.add("Ais-Checksum-Value", first.headers().find("Ais-Checksum-Value", ""));
        Reply second = node.send(Method.PUT, "/objects/b/o", sum, "0123456789");
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.headers().find("Ais-Version")).isEqualTo("1");
        Reply third = node.send(Method.PUT, "/objects/b/o?skip_vc=true", sum, "0123456789");
        assertThat(third.headers().find("Ais-Version")).isEqualTo("2");
    }

    @Test
    void wrongChecksumStoresNothing() {
        Headers sum = new Headers().add("Ais-Checksum-Type", "md5").add("Ais-Checksum-Value", "0".repeat(32));
        Reply reply = node.send(Method.PUT, "/objects/b/o", sum, "0123456789");
        assertThat(reply.status()).isEqualTo(500);
        assertThat(text(reply)).contains("\"tcode\":\"ErrBadCksum\"", "BAD DATA CHECKSUM: md5");
        for (String header : new String[] {"Forebay-Checksum", "Forebay-Verify"}) {
            Headers face = extended().add(header, "crc32=00000000");
            Reply refused = node.send(Method.PUT, "/objects/b/o", face, "0123456789");
            assertThat(refused.headers().find("Forebay-Error")).isEqualTo("CHECKSUM_MISMATCH");
            assertThat(text(refused)).contains("\"message\":\"crc32 ");
        }
        assertThat(node.names()).isEmpty();
    }

    @Test
    void checksumsAreKeptOrOnlyVerified() {
        Headers face = extended()
                .add("Forebay-Checksum", "md5=781e5e245d69b566979b86e28d23f2c7")
                .add("Forebay-Verify", "crc32=a684c7c6")
                .add("Forebay-Compute", "sha1");
        Reply reply = node.send(Method.PUT, "/objects/b/o", face, "0123456789");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(AttributeHeaders.read(reply.headers()).checksums())
                .extracting(checksum -> checksum.type().wireName())
                .containsExactlyInAnyOrder("xxhash2", "md5", "sha1");
    }

    @Test
    void exactlyOneOfManyCreatorsWins() throws Exception {
        int writers = 16;
        CountDownLatch ready = new CountDownLatch(writers);
        List<Future<Reply>> replies = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int writer = 0; writer < writers; writer++) {
                String content = "writer " + writer;
                replies.add(executor.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return node.send(Method.PUT, "/objects/b/o", extended().add("If-None-Match", "*"), content);
                }));
            }
        }
        List<Integer> winners = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            Reply reply = replies.get(writer).get();
            if (reply.status() == 200) {
                winners.add(writer);
            } else {
                assertThat(reply.status()).as(text(reply)).isEqualTo(412);
            }
        }
        assertThat(winners).hasSize(1);
        assertThat(node.content("o")).isEqualTo("writer " + winners.getFirst());
    }

    @Test
    void ifMatchReplacesOnlyTheNamedVersion() {
        Headers match = extended().add("If-Match", "\"x\"");
        Reply absent = node.send(Method.PUT, "/objects/b/o", match, "new");
        assertThat(absent.headers().find("Forebay-Error")).isEqualTo("NO_SUCH_OBJECT");
        Reply first = node.send(Method.PUT, "/objects/b/o", extended().add("Forebay-Compute", "md5"), "old");
        String etag = first.headers().find("Forebay-Etag", "");
        assertThat(node.send(Method.PUT, "/objects/b/o", match, "new").status()).isEqualTo(412);
        assertThat(node.content("o")).isEqualTo("old");
        Headers right = extended().add("If-Match", "\"y\", \"" + etag + "\"");
        assertThat(node.send(Method.PUT, "/objects/b/o", right, "new").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("new");
    }

    @Test
    void failedConditionAsksForNoByte() {
        node.put("o", "old");
        Chunks body = new Chunks("never");
        Reply reply = node.send(Method.PUT, "/objects/b/o", extended().add("If-None-Match", "*"), body);
        assertThat(reply.status()).isEqualTo(412);
        assertThat(body.asked()).isFalse();
    }

    @Test
    void deleteRemovesAndTellsOfNothingToDelete() {
        node.put("o", "x");
        assertThat(node.send(Method.DELETE, "/objects/b/o?provider=ais").status())
                .isEqualTo(200);
        Reply again = node.send(Method.DELETE, "/objects/b/o?provider=ais");
        assertThat(again.status()).isEqualTo(404);
        assertThat(text(again)).startsWith("{\"message\":\"ais://b/o doesn't exist\"");
        Reply face = node.send(Method.DELETE, "/objects/b/o", extended());
        assertThat(face.headers().find("Forebay-Error")).isEqualTo("NO_SUCH_OBJECT");
    }

    @Test
    void deleteHoldsToItsCondition() {
        node.put("o", "x");
        Headers other = extended().add("If-Match", "\"other\"");
        assertThat(node.send(Method.DELETE, "/objects/b/o", other).status()).isEqualTo(412);
        assertThat(node.content("o")).isEqualTo("x");
        assertThat(node.send(Method.DELETE, "/objects/b/o", extended().add("If-Match", "*"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void deleteHoldsToSizeAndTime() {
        Reply put = node.send(Method.PUT, "/objects/b/o", extended(), "four");
        long second = Math.floorDiv(Long.parseLong(put.headers().find("Forebay-Modified", "")), 1000);
        for (Headers other : List.of(
                extended().add("Forebay-If-Size", 5),
                extended().add("Forebay-If-Modified-At", second - 1),
                extended().add("Forebay-If-Size", 4).add("Forebay-If-Modified-At", second + 1))) {
            assertThat(node.send(Method.DELETE, "/objects/b/o", other).status()).isEqualTo(412);
        }
        Headers right = extended().add("Forebay-If-Size", 4).add("Forebay-If-Modified-At", second);
        assertThat(node.send(Method.DELETE, "/objects/b/o", right).status()).isEqualTo(200);
        assertThat(node.send(Method.DELETE, "/objects/b/o", right).headers().find("Forebay-Error"))
                .isEqualTo("NO_SUCH_OBJECT");
    }

    @Test
    void patchMergesOrReplacesCustomMetadata() {
        node.send(
                Method.PUT,
                "/objects/b/o",
                new Headers().add("Ais-Custom-Md", "a=1").add("Ais-Custom-Md", "b=2"),
                "x");
        assertThat(patch("", "{\"b\":\"3\",\"c\":\"\u00fc\"}").status()).isEqualTo(200);
        assertThat(custom()).containsExactlyInAnyOrder("a=1", "b=3", "c=\u00c3\u00bc");
        assertThat(patch("&set-new-custom=true", "{\"d\":\"4\"}").status()).isEqualTo(200);
        assertThat(custom()).containsExactly("d=4");
        assertThat(node.send(Method.GET, "/objects/b/o").headers().find("Ais-Version"))
                .isEqualTo("1");
        node.restart();
        assertThat(custom()).containsExactly("d=4");
    }

    @Test
    void patchIsHeldToItsLimits() {
        node.put("o", "x");
        String half = "v".repeat(1200);
        assertThat(patch("", "{\"a\":\"" + half + "\"}").status()).isEqualTo(200);
        Reply over = patch("", "{\"b\":\"" + half + "\"}");
        assertThat(over.status()).isEqualTo(400);
        assertThat(text(over)).contains("exceeds max 2048 bytes");
        assertThat(patch("", "{\"\":\"v\"}").status()).isEqualTo(400);
        assertThat(patch("", "{\"a\":1}").status()).isEqualTo(400);
        assertThat(patch("", "[1]").status()).isEqualTo(400);
        assertThat(patch("&set-new-custom=true", "{\"b\":\"" + half + "\"}").status())
                .isEqualTo(200);
        assertThat(node.send(
                                Method.PATCH,
                                "/objects/b/none",
                                new Headers(),
                                "{\"action\":\"\",\"name\":\"\",\"value\":{\"a\":\"b\"}}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void copyTakesBytesAndMetadata() {
        node.createBucket("c", java.util.Map.of());
        node.send(Method.PUT, "/objects/b/o", new Headers().add("Ais-Custom-Md", "k=v"), "0123456789");
        Reply reply = node.send(Method.PUT, "/objects/b/o?object_to=ais%2F%40%23%2Fc%2Fdir%2Fcopy&latest-ver=false");
        assertThat(reply.status()).isEqualTo(200);
        Reply copy = node.send(Method.GET, "/objects/c/dir/copy");
        assertThat(copy.headers().find("Ais-Custom-Md")).isEqualTo("k=v");
        assertThat(text(copy)).isEqualTo("0123456789");
        assertThat(node.send(Method.PUT, "/objects/b/none?object_to=ais/@%23/c/x")
                        .status())
                .isEqualTo(404);
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=ais/@%23/none/x")
                        .status())
                .isEqualTo(404);
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=ais/@%23/b/o").status())
                .isEqualTo(200);
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=nonsense").status())
                .isEqualTo(400);
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=ais/@%23/c/x&etl_name=e")
                        .status())
                .isEqualTo(501);
    }

    @Test
    void renameMovesTheObject() {
        node.put("old", "0123456789");
        assertThat(rename("old", "new").status()).isEqualTo(200);
        assertThat(node.names()).containsExactly("new");
        assertThat(node.content("new")).isEqualTo("0123456789");
        assertThat(rename("old", "other").status()).isEqualTo(404);
        assertThat(rename("new", "new").status()).isEqualTo(400);
        assertThat(rename("new", "a/../b").status()).isEqualTo(400);
        assertThat(rename("new", "").status()).isEqualTo(400);
    }

    @Test
    void lockIsNeverHeld() {
        node.put("o", "x");
        assertThat(node.send(Method.POST, "/objects/b/o", new Headers(), "{\"action\":\"check-lock\"}")
                        .status())
                .isEqualTo(200);
    }

    private Reply rename(String from, String to) {
        String message = "{\"action\":\"rename-obj\",\"name\":\"" + to + "\",\"value\":null}";
        return node.send(Method.POST, "/objects/b/" + from, new Headers(), message);
    }

    private Reply patch(String query, String value) {
        String message = "{\"action\":\"\",\"name\":\"\",\"value\":" + value + "}";
        return node.send(Method.PATCH, "/objects/b/o?provider=ais" + query, new Headers(), message);
    }

    private List<String> custom() {
        return node.send(Method.HEAD, "/objects/b/o").headers().all("Ais-Custom-Md");
    }

    /// A body that comes in pieces and does not say how long it is.
    private static final class Chunks implements Body {
        private final String[] pieces;
        private int next;

        Chunks(String... pieces) {
            this.pieces = pieces;
        }

        boolean asked() {
            return next > 0;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public @Nullable ByteBuffer next() {
            return next == pieces.length ? null : ByteBuffer.wrap(NodeFixture.bytes(pieces[next++]));
        }

        @Override
        public void close() {
            next = pieces.length;
        }
    }
}
