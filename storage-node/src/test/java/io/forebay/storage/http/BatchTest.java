package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.XxHash64;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `GET /v1/ml/moss` of one node.
class BatchTest {
    private static final int MAX_BYTES = 1 << 24;

    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(
                folder, Map.of("batch.max-missing", "2", "batch.max-whole", "1MiB", "batch.max-entries", "50"));
        node.put("a", "first");
        node.put("d/b", "x".repeat(200_000));
        node.put("empty", "");
    }

    @AfterEach
    void close() {
        node.close();
    }

    private Reply batch(String message) {
        return node.send(Method.GET, "/ml/moss/b", new Headers(), message);
    }

    private static byte[] bytes(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return source.readAll(MAX_BYTES);
        }
    }

    /// The members of a tar as `name=size` and, of short ones, `:content`.
    private static List<String> members(InputStream in) throws IOException {
        List<String> members = new ArrayList<>();
        String longName = null;
        while (true) {
            byte[] header = in.readNBytes(512);
            assertThat(header).hasSize(512);
            if (header[0] == 0) {
                assertThat(in.readNBytes(512)).hasSize(512).containsOnly(0);
                assertThat(in.read()).as("the end").isEqualTo(-1);
                return members;
            }
            String name = new String(header, 0, 100, StandardCharsets.UTF_8).split("\0", 2)[0];
            int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
            byte[] content = in.readNBytes(size);
            in.skipNBytes(-size & 511);
            String text = new String(content, StandardCharsets.UTF_8);
            if (header[156] == 'x') {
                longName = text.substring(text.indexOf("path=") + 5, text.indexOf('\n'));
                continue;
            }
            members.add((longName == null ? name : longName) + "=" + size + (size > 20 || size == 0 ? "" : ":" + text));
            longName = null;
        }
    }

    private static List<String> tar(Reply reply) throws IOException {
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.headers().find("Content-Type")).isEqualTo("application/x-tar");
        return members(new ByteArrayInputStream(bytes(reply)));
    }

    private static final String THREE =
            "{\"objname\":\"d/b\"},{\"objname\":\"a\"},{\"objname\":\"empty\"},{\"objname\":\"a\"}";

    @Test
    void objectsComeInTheOrderOfTheRequestWithDuplicates() throws IOException {
        assertThat(tar(batch("{\"in\":[" + THREE + "],\"strm\":true}")))
                .containsExactly("b/d/b=200000", "b/a=5:first", "b/empty=0", "b/a=5:first");
        assertThat(tar(batch("{\"in\":[{\"objname\":\"a\"}],\"strm\":true,\"onob\":true,\"mime\":\".tar\"}")))
                .containsExactly("a=5:first");
        assertThat(node.metrics.text())
                .contains("forebay_batch_objects_total{node=\"node1\"} 5")
                .contains("forebay_batch_running{node=\"node1\"} 0");
    }

    @Test
    void everyFormatHasTheSameMembers() throws IOException {
        String[] expected = {"b/d/b=200000", "b/a=5:first", "b/empty=0", "b/a=5:first"};
        String message = "{\"in\":[" + THREE + "],\"strm\":true,\"mime\":\"";
        Reply tgz = batch(message + ".tgz\"}");
        assertThat(tgz.headers().find("Content-Type")).isEqualTo("application/gzip");
        assertThat(members(new GZIPInputStream(new ByteArrayInputStream(bytes(tgz)))))
                .containsExactly(expected);
        Reply lz4 = batch(message + ".tar.lz4\"}");
        assertThat(lz4.headers().find("Content-Type")).isEqualTo("application/x-lz4");
        assertThat(members(new LZ4FrameInputStream(new ByteArrayInputStream(bytes(lz4)))))
                .containsExactly(expected);
        Reply zip = batch(message + ".zip\"}");
        assertThat(zip.headers().find("Content-Type")).isEqualTo("application/zip");
        List<String> names = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes(zip)))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName() + "=" + in.readAllBytes().length);
            }
        }
        assertThat(names).containsExactly("b/d/b=200000", "b/a=5", "b/empty=0", "b/a=5");
        assertThat(batch(message + ".rar\"}").status()).isEqualTo(400);
    }

    /// Headers, bodies and paddings lie across the ends of all buffers.
    @Test
    void entriesOfAllSizesAreWholeInEveryFormat() throws IOException {
        Random random = new Random(9);
        StringBuilder entries = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int number = 0; number < 50; number++) {
            // Does not compress.
            String content = HexFormat.of().formatHex(randomBytes(random, random.nextInt(20_000)));
            node.put("r" + number, content);
            entries.append(number == 0 ? "" : ",").append("{\"objname\":\"r" + number + "\"}");
            expected.add("b/r" + number + "=" + content.length() + "#" + content.hashCode());
        }
        String message = "{\"in\":[" + entries + "],\"strm\":true,\"mime\":\"";
        assertThat(hashed(new ByteArrayInputStream(bytes(batch(message + ".tar\"}")))))
                .isEqualTo(expected);
        assertThat(hashed(new GZIPInputStream(new ByteArrayInputStream(bytes(batch(message + ".tgz\"}"))))))
                .isEqualTo(expected);
        assertThat(hashed(new LZ4FrameInputStream(new ByteArrayInputStream(bytes(batch(message + ".tar.lz4\"}"))))))
                .isEqualTo(expected);
        List<String> zipped = new ArrayList<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(bytes(batch(message + ".zip\"}"))))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String content = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                zipped.add(entry.getName() + "=" + content.length() + "#" + content.hashCode());
            }
        }
        assertThat(zipped).isEqualTo(expected);
    }

    private static byte[] randomBytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /// The members of a tar of short names as `name=size#hash`.
    private static List<String> hashed(InputStream in) throws IOException {
        List<String> members = new ArrayList<>();
        for (byte[] header = in.readNBytes(512); header[0] != 0; header = in.readNBytes(512)) {
            int size = Integer.parseInt(new String(header, 124, 11, StandardCharsets.US_ASCII), 8);
            String content = new String(in.readNBytes(size), StandardCharsets.US_ASCII);
            in.skipNBytes(-size & 511);
            String name = new String(header, 0, 100, StandardCharsets.UTF_8).split("\0", 2)[0];
            members.add(name + "=" + size + "#" + content.hashCode());
        }
        assertThat(in.readAllBytes()).hasSize(512).containsOnly(0);
        return members;
    }

    @Test
    void rangesBehindTheEndOfAllNumbersAreMissing() throws IOException {
        String beyond = "{\"objname\":\"a\",\"start\":9223372036854775807,\"length\":5}";
        assertThat(tar(batch("{\"in\":[" + beyond + "],\"strm\":true,\"coer\":true}")))
                .containsExactly("__404__/b/a=0");
        assertThat(batch("{\"in\":[" + beyond + "],\"strm\":true}").status()).isEqualTo(416);
    }

    @Test
    void theRestOfAnAnswerIsGivenToWhoHasItsBeginning() {
        for (String form : new String[] {"\"strm\":true", "\"strm\":true,\"mime\":\".tgz\"", "\"strm\":false"}) {
            String message = "{\"in\":[" + THREE + "]," + form + "}";
            byte[] whole = bytes(batch(message, null));
            for (int sent : new int[] {1, 700, whole.length - 1, whole.length}) {
                Reply rest = batch(message, new SentBytes(sent, XxHash64.hash(ByteBuffer.wrap(whole, 0, sent), 0)));
                assertThat(rest.status()).isEqualTo(200);
                assertThat(bytes(rest))
                        .as("%s behind %s", form, sent)
                        .isEqualTo(Arrays.copyOfRange(whole, sent, whole.length));
            }
        }
        assertThat(node.metrics.text()).contains("forebay_batch_running{node=\"node1\"} 0");
    }

    @Test
    void theRestOfAnotherAnswerIsRefused() {
        String message = "{\"in\":[" + THREE + "],\"strm\":true}";
        byte[] whole = bytes(batch(message, null));
        long hash = XxHash64.hash(ByteBuffer.wrap(whole, 0, 700), 0);
        for (SentBytes sent : List.of(
                new SentBytes(700, hash + 1), new SentBytes(701, hash), new SentBytes(whole.length + 1L, hash))) {
            assertThat(NodeErrors.read(batch(message, sent)).code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
        }
        node.put("d/b", "y".repeat(200_000));
        assertThat(NodeErrors.read(batch(message, new SentBytes(700, hash))).code())
                .isEqualTo(ErrorCode.PRECONDITION_FAILED);
        Reply unreadable = node.send(
                Method.GET, "/ml/moss/b", new Headers().add(NodeHeaders.BATCH_SENT, "0 0000000000000000"), message);
        assertThat(unreadable.status()).isEqualTo(400);
        assertThat(node.metrics.text()).contains("forebay_batch_running{node=\"node1\"} 0");
    }

    /// A batch as a gateway asks for it.
    private Reply batch(String message, @Nullable SentBytes sent) {
        Headers headers =
                new Headers().add(NodeHeaders.REQUEST_ID, "request").add(NodeHeaders.BATCH_TIME, "1700000000000");
        if (sent != null) {
            sent.addTo(headers);
        }
        return node.send(Method.GET, "/ml/moss/b", headers, message);
    }

    @Test
    void whatIsMissingLeavesAnEmptyPlaceUpToALimit() throws IOException {
        String missing = "{\"objname\":\"none\"}";
        assertThat(tar(batch("{\"in\":[" + missing + "," + THREE + "," + missing + "],\"strm\":true,\"coer\":true}")))
                .containsExactly(
                        "__404__/b/none=0",
                        "b/d/b=200000",
                        "b/a=5:first",
                        "b/empty=0",
                        "b/a=5:first",
                        "__404__/b/none=0");
        Reply tooMany = batch("{\"in\":[" + missing + "," + missing + "," + missing + "],\"strm\":true,\"coer\":true}");
        assertThat(tooMany.status()).isEqualTo(404);
        assertThat(text(tooMany)).contains("more than 2 entries of the batch are missing");
        Reply strict = batch("{\"in\":[{\"objname\":\"a\"}," + missing + "],\"strm\":true}");
        assertThat(strict.status()).isEqualTo(404);
        assertThat(text(strict)).contains("ais://b/none does not exist");
    }

    @Test
    void aBatchThatFailsLaterIsCutOff() {
        String large = "{\"objname\":\"d/b\"},{\"objname\":\"d/b\"},{\"objname\":\"none\"}";
        Reply reply = batch("{\"in\":[" + large + "],\"strm\":true}");
        assertThat(reply.status()).isEqualTo(200);
        assertThatThrownBy(() -> bytes(reply))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_OBJECT));
        assertThat(node.metrics.text())
                .contains("forebay_batch_failed_total{node=\"node1\"} 1")
                .contains("forebay_batch_running{node=\"node1\"} 0");
    }

    @Test
    void rangesAreExact() throws IOException {
        assertThat(tar(batch("{\"in\":[{\"objname\":\"a\",\"start\":1,\"length\":3},"
                        + "{\"objname\":\"a\",\"start\":2,\"length\":-1},{\"objname\":\"a\",\"length\":-1}],"
                        + "\"strm\":true}")))
                .containsExactly("b/a=3:irs", "b/a=3:rst", "b/a=5:first");
        for (String range : new String[] {"\"start\":4,\"length\":2", "\"start\":5,\"length\":-1", "\"start\":1"}) {
            Reply reply = batch("{\"in\":[{\"objname\":\"a\"," + range + "}],\"strm\":true}");
            assertThat(reply.status()).as(range).isEqualTo(416);
        }
        for (String range : new String[] {"\"start\":-1,\"length\":2", "\"length\":-2"}) {
            assertThat(batch("{\"in\":[{\"objname\":\"a\"," + range + "}]}").status())
                    .as(range)
                    .isEqualTo(400);
        }
    }

    @Test
    void withoutStreamingTheResultsComeFirst() {
        Reply reply = batch("{\"in\":[{\"objname\":\"a\",\"opaque\":\"-__-\"},{\"objname\":\"none\"}],\"coer\":true}");
        assertThat(reply.status()).isEqualTo(200);
        String type = reply.headers().find("Content-Type", "");
        assertThat(type).startsWith("multipart/mixed; boundary=");
        String all = new String(bytes(reply), StandardCharsets.ISO_8859_1);
        String[] parts = all.split("--" + type.substring(type.indexOf('=') + 1));
        assertThat(parts).hasSize(4);
        assertThat(parts[1]).contains("name=\"metadata\"");
        Map<?, ?> result = WireJson.read(
                parts[1].substring(parts[1].indexOf('{')).strip().getBytes(StandardCharsets.UTF_8), Map.class);
        assertThat((List<?>) result.get("out"))
                .isEqualTo(List.of(
                        Map.of("objname", "a", "bucket", "b", "provider", "ais", "opaque", "+//+", "size", 5),
                        Map.of(
                                "objname",
                                "none",
                                "bucket",
                                "b",
                                "provider",
                                "ais",
                                "err_msg",
                                "t[node1]: ais://b/none does not exist",
                                "size",
                                0)));
        assertThat(parts[2]).contains("name=\"archive\"").contains("first");
        assertThat(parts[3]).isEqualTo("--\r\n");
        assertThat(batch("{\"in\":[" + "{\"objname\":\"d/b\"},".repeat(5) + "{\"objname\":\"d/b\"}]}")
                        .status())
                .as("more than batch.max-whole")
                .isEqualTo(400);
        assertThat(batch("{\"in\":[{\"objname\":\"none\"}]}").status()).isEqualTo(404);
    }

    @Test
    void whatMeansNothingIsRefused() {
        for (String message : new String[] {
            "",
            "{}",
            "{\"in\":[]}",
            "[]",
            "{\"in\":[{\"objname\":\"\"}]}",
            "{\"in\":[{\"uname\":\"x\"}]}",
            "{\"in\":[{\"objname\":\"a\",\"opaque\":\"?\"}]}",
            "{\"in\":[" + "{\"objname\":\"a\"},".repeat(50) + "{\"objname\":\"a\"}]}"
        }) {
            assertThat(batch(message).status()).as(message).isEqualTo(400);
        }
        assertThat(node.send(Method.GET, "/ml/moss", new Headers(), "{\"in\":[{\"objname\":\"a\"}]}")
                        .status())
                .as("no bucket")
                .isEqualTo(400);
        assertThat(batch("{\"in\":[{\"objname\":\"a\",\"bucket\":\"other\"}]}").status())
                .isEqualTo(404);
        assertThat(node.send(Method.PUT, "/ml/moss", new Headers(), "x").status())
                .isEqualTo(405);
        assertThat(node.send(Method.GET, "/ml/other", new Headers(), "x").status())
                .isEqualTo(404);
    }

    @Test
    void namesThatDoNotFitIntoAHeaderAreWhole() throws IOException {
        String name = "ü".repeat(20) + "n".repeat(150);
        node.put(PercentCode.encode(name), "x");
        assertThat(tar(batch("{\"in\":[{\"objname\":\"" + name + "\"}],\"strm\":true}")))
                .containsExactly("b/" + name + "=1:x");
    }
}
