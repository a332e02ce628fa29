package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.UploadInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
    private static final String LARGE = "large part ".repeat(20_000);

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
    void aistoresUploadBecomesOneObject() {
        String id = create(new Headers());
        assertThat(id).hasSizeGreaterThanOrEqualTo(9);
        assertThat(part(id, 2, new Headers(), "two").status()).isEqualTo(200);
        assertThat(part(id, 1, new Headers(), LARGE).status()).isEqualTo(200);
        assertThat(part(id, 2, new Headers(), "TWO").status()).isEqualTo(200);
        assertThat(node.names()).isEmpty();
        Reply done =
                complete(id, new Headers(), "[{\"part-number\":2,\"etag\":\"\"},{\"part-number\":1,\"etag\":\"\"}]");
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.payload().length()).isZero();
        assertThat(node.content("o")).isEqualTo(LARGE + "TWO");
        Headers head = node.send(Method.HEAD, "/objects/b/o").headers();
        assertThat(head.find("Ais-Checksum-Type")).isEqualTo("crc32c");
        assertThat(head.find("Ais-Checksum-Value"))
                .isEqualTo(sum(ChecksumType.CRC32C, LARGE + "TWO").hex());
        Headers chunked = node.send(Method.HEAD, "/objects/b/o?props=chunked").headers();
        assertThat(chunked.find("Ais-Chunks-Count")).isEqualTo("2");
        assertThat(chunked.find("Ais-Chunks-Max-Chunk-Size")).isEqualTo(Integer.toString(LARGE.length()));
        assertThat(text(node.send(Method.GET, "/objects/b/o?validate-checksum=true")))
                .isEqualTo(LARGE + "TWO");
        Headers acrossParts = new Headers().add("Range", "bytes=" + (LARGE.length() - 2) + "-" + LARGE.length());
        assertThat(text(node.send(Method.GET, "/objects/b/o", acrossParts)))
                .isEqualTo(LARGE.substring(LARGE.length() - 2) + "T");
    }

    @Test
    void partsOfAnObjectAreListed() {
        String id = text(node.send(Method.POST, "/objects/b/o", extended(), "{\"action\":\"mpt-upload\"}"));
        for (int number : new int[] {2, 5, 9}) {
            part(id, number, extended(), "part " + number);
        }
        complete(id, extended(), "[{\"part-number\":2},{\"part-number\":9}]");
        Reply reply = node.send(Method.GET, "/objects/b/o", extended().add("Forebay-Parts", "1"));
        assertThat(AttributeHeaders.read(reply.headers()).partCount()).isEqualTo(2);
        List<PartInfo> parts = WireJson.readList(NodeFixture.bytes(text(reply)), PartInfo.class);
        assertThat(parts).extracting(PartInfo::number).containsExactly(2, 9);
        assertThat(parts).extracting(PartInfo::size).containsExactly(6L, 6L);
        node.put("plain", "x");
        assertThat(text(node.send(Method.GET, "/objects/b/plain", extended().add("Forebay-Parts", "1"))))
                .isEqualTo("[]");
        assertThat(node.send(Method.GET, "/objects/b/none", extended().add("Forebay-Parts", "1"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aistoresCompletionTakesExactlyTheUploadedParts() {
        String id = create(new Headers());
        part(id, 1, new Headers(), "one");
        part(id, 2, new Headers(), "two");
        part(id, 3, new Headers(), "three");
        assertThat(text(complete(id, new Headers(), "[{\"part-number\":1},{\"part-number\":2}]")))
                .contains("partial completion is not allowed: requested 2 parts, have 3")
                .contains("\"status\":501");
        assertThat(complete(id, new Headers(), "[{\"part-number\":1},{\"part-number\":2},{\"part-number\":4}]")
                        .status())
                .isEqualTo(400);
        assertThat(complete(id, new Headers(), "null").status()).isEqualTo(400);
        assertThat(complete(id, new Headers(), "[]").status()).isEqualTo(501);
        assertThat(complete(id, new Headers(), "[{\"part-number\":3},{\"part-number\":2},{\"part-number\":1}]")
                        .status())
                .isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("onetwothree");
        assertThat(complete(id, new Headers(), "[{\"part-number\":1}]").status())
                .isEqualTo(404);
    }

    @Test
    void aistoresCompletionOfNothingIsRefused() {
        String id = create(new Headers());
        assertThat(text(complete(id, new Headers(), "[]")))
                .contains("upload has no chunks")
                .contains("\"status\":400");
    }

    @Test
    void unknownUploadsAndPartNumbersAreRefused() {
        String id = create(new Headers());
        for (String number : new String[] {"0", "-1", "x", "", "1.5", "99999999999"}) {
            Reply reply =
                    node.send(Method.PUT, "/objects/b/o?uploadId=" + id + "&partNumber=" + number, new Headers(), "x");
            assertThat(reply.status()).isEqualTo(400);
        }
        assertThat(part(id, 10_001, extended(), "x").status()).isEqualTo(400);
        assertThat(part(id, 1, new Headers(), "").status()).isEqualTo(400);
        Reply unknown = part("nosuchupload", 1, new Headers(), "x");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(text(unknown)).contains("nosuchupload").doesNotContain("ais://");
        assertThat(complete("nosuchupload", new Headers(), "[{\"part-number\":1}]")
                        .status())
                .isEqualTo(404);
        assertThat(abort("nosuchupload").status()).isEqualTo(404);
        Reply elsewhere =
                node.send(Method.PUT, "/objects/b/other?uploadId=" + id + "&partNumber=1", new Headers(), "x");
        assertThat(elsewhere.status()).isEqualTo(404);
        assertThat(node.names()).isEmpty();
    }

    @Test
    void abortDropsTheUpload() {
        String id = create(new Headers());
        part(id, 1, new Headers(), "one");
        assertThat(abort(id).status()).isEqualTo(200);
        assertThat(part(id, 2, new Headers(), "two").status()).isEqualTo(404);
        assertThat(uploads()).isEmpty();
    }

    @Test
    void facesUploadHasS3sEntityTagAndChecksum() {
        String id = create(extended()
                .add(NodeHeaders.UPLOAD_CHECKSUM, "crc64nvme:FULL_OBJECT")
                .add(NodeHeaders.SYSTEM, "content-type=a%2Fb")
                .add(NodeHeaders.CUSTOM, "k=v"));
        String first = etag(part(id, 3, extended().add(NodeHeaders.COMPUTE, "md5"), LARGE));
        String second = etag(part(id, 7, extended().add(NodeHeaders.COMPUTE, "md5"), "end"));
        part(id, 9, extended().add(NodeHeaders.COMPUTE, "md5"), "left out");
        Reply done = complete(
                id,
                extended(),
                "[{\"part-number\":3,\"etag\":\"\\\"" + first + "\\\"\"},{\"part-number\":7,\"etag\":\"" + second
                        + "\"}]");
        assertThat(done.status()).isEqualTo(200);
        ObjectAttributes made = AttributeHeaders.read(done.headers());
        assertThat(made.etag()).isEqualTo(md5OfMd5s(first, second) + "-2");
        assertThat(made.checksum(ChecksumType.CRC64NVME)).isEqualTo(sum(ChecksumType.CRC64NVME, LARGE + "end"));
        assertThat(made.partCount()).isEqualTo(2);
        assertThat(made.system()).containsEntry("content-type", "a/b");
        assertThat(made.custom()).containsEntry("k", "v");
        Reply part = node.send(Method.GET, "/objects/b/o?partNumber=7", extended());
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.headers().find("Content-Range"))
                .isEqualTo("bytes " + LARGE.length() + "-" + (LARGE.length() + 2) + "/" + (LARGE.length() + 3));
        assertThat(part.headers().find(NodeHeaders.PART_CHECKSUM))
                .isEqualTo("crc64nvme=" + sum(ChecksumType.CRC64NVME, "end").hex());
        assertThat(text(part)).isEqualTo("end");
        assertThat(node.send(Method.GET, "/objects/b/o?partNumber=9", extended())
                        .status())
                .isEqualTo(416);
    }

    @Test
    void compositeChecksumIsOverThePartsChecksums() {
        String id = create(extended().add(NodeHeaders.UPLOAD_CHECKSUM, "sha256:COMPOSITE"));
        part(id, 1, extended(), "one");
        part(id, 2, extended(), "two");
        String parts = "[{\"part-number\":1,\"checksum\":\"sha256="
                + sum(ChecksumType.SHA256, "one").hex()
                + "\"},{\"part-number\":2,\"checksum\":\"sha256="
                + sum(ChecksumType.SHA256, "two").hex() + "\"}]";
        Checksummer over = Checksummers.of(ChecksumType.SHA256);
        over.update(ByteBuffer.wrap(sum(ChecksumType.SHA256, "one").digest()));
        over.update(ByteBuffer.wrap(sum(ChecksumType.SHA256, "two").digest()));
        String composite = "sha256=" + over.finish().base64() + "-2";
        Reply wrong = complete(id, extended().add(NodeHeaders.UPLOAD_CHECKSUM, "sha256=AAAA-2"), parts);
        assertThat(wrong.headers().find("Forebay-Error")).isEqualTo("CHECKSUM_MISMATCH");
        Headers right = extended().add(NodeHeaders.UPLOAD_CHECKSUM, composite);
        Reply done = complete(id, right, "[{\"part-number\":1},{\"part-number\":2}]");
        assertThat(AttributeHeaders.read(done.headers()).compositeChecksum()).isEqualTo(composite);
    }

    @Test
    void facesCompletionIsHeldToItsRules() {
        String id = create(extended().add(NodeHeaders.UPLOAD_CHECKSUM, "crc32:FULL_OBJECT"));
        part(id, 1, extended().add(NodeHeaders.COMPUTE, "md5"), "one");
        part(id, 2, extended().add(NodeHeaders.COMPUTE, "md5"), "two");
        assertThat(code(id, extended(), "[{\"part-number\":2},{\"part-number\":1}]"))
                .isEqualTo("INVALID_PART_ORDER");
        assertThat(code(id, extended(), "[{\"part-number\":1},{\"part-number\":1}]"))
                .isEqualTo("INVALID_PART_ORDER");
        assertThat(code(id, extended(), "[{\"part-number\":1},{\"part-number\":3}]"))
                .isEqualTo("INVALID_PART");
        assertThat(code(id, extended(), "[{\"part-number\":1,\"etag\":\"abc\"}]"))
                .isEqualTo("INVALID_PART");
        assertThat(code(id, extended(), "[{\"part-number\":1,\"checksum\":\"crc32=00000000\"}]"))
                .isEqualTo("INVALID_PART");
        assertThat(code(id, extended(), "[{\"part-number\":1,\"checksum\":\"x\"}]"))
                .isEqualTo("INVALID_ARGUMENT");
        Headers min = extended().add(NodeHeaders.MIN_PART_SIZE, "4");
        assertThat(code(id, min, "[{\"part-number\":1},{\"part-number\":2}]")).isEqualTo("PART_TOO_SMALL");
        Headers wrong = extended().add(NodeHeaders.UPLOAD_CHECKSUM, "crc32=00000000");
        assertThat(code(id, wrong, "[{\"part-number\":1},{\"part-number\":2}]")).isEqualTo("CHECKSUM_MISMATCH");
        node.put("o", "in the way");
        Headers absent = extended().add("If-None-Match", "*");
        assertThat(code(id, absent, "[{\"part-number\":1},{\"part-number\":2}]"))
                .isEqualTo("PRECONDITION_FAILED");
        Headers right = extended()
                .add(
                        NodeHeaders.UPLOAD_CHECKSUM,
                        "crc32=" + sum(ChecksumType.CRC32, "onetwo").hex());
        assertThat(complete(id, right, "[{\"part-number\":1},{\"part-number\":2}]")
                        .status())
                .isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("onetwo");
    }

    @Test
    void uploadsAndPartsAreListed() {
        String id = create(extended().add(NodeHeaders.UPLOAD_CHECKSUM, "crc32c:FULL_OBJECT"));
        part(id, 2, extended().add(NodeHeaders.COMPUTE, "md5"), "two");
        part(id, 1, extended().add(NodeHeaders.COMPUTE, "md5"), "one");
        node.restart();
        Reply listed = node.send(Method.GET, "/objects/b/o?uploadId=" + id, extended());
        assertThat(listed.headers().find(NodeHeaders.UPLOAD_CHECKSUM)).isEqualTo("crc32c:FULL_OBJECT");
        List<PartInfo> parts = WireJson.readList(NodeFixture.bytes(text(listed)), PartInfo.class);
        assertThat(parts).extracting(PartInfo::number).containsExactly(1, 2);
        assertThat(parts.getFirst().size()).isEqualTo(3);
        assertThat(parts.getFirst().etag())
                .isEqualTo(sum(ChecksumType.MD5, "one").hex());
        assertThat(parts.getFirst().checksums())
                .containsEntry("crc32c", sum(ChecksumType.CRC32C, "one").hex());
        assertThat(uploads()).extracting(UploadInfo::name).containsExactly("o");
        assertThat(uploads().getFirst().id()).isEqualTo(id);
        assertThat(uploads().getFirst().checksum()).isEqualTo("crc32c:FULL_OBJECT");
        assertThat(node.send(Method.GET, "/objects/b/o?uploadId=none", extended())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void unknownAgreementIsRefused() {
        for (String text : new String[] {"crc32", "md4:COMPOSITE", "sha256:FULL_OBJECT", "crc32:HALF"}) {
            Headers headers = extended().add(NodeHeaders.UPLOAD_CHECKSUM, text);
            Reply reply = node.send(Method.POST, "/objects/b/o", headers, "{\"action\":\"mpt-upload\"}");
            assertThat(reply.status()).isEqualTo(400);
        }
        assertThat(uploads()).isEmpty();
    }

    private String create(Headers headers) {
        Reply reply = node.send(
                Method.POST, "/objects/b/o", headers, "{\"action\":\"mpt-upload\",\"name\":\"\",\"value\":null}");
        assertThat(reply.status()).isEqualTo(200);
        return text(reply);
    }

    private Reply part(String id, int number, Headers headers, String content) {
        return node.send(Method.PUT, "/objects/b/o?uploadId=" + id + "&partNumber=" + number, headers, content);
    }

    private Reply complete(String id, Headers headers, String parts) {
        String message = "{\"action\":\"mpt-complete\",\"name\":\"\",\"value\":" + parts + "}";
        return node.send(Method.POST, "/objects/b/o?uploadId=" + id, headers, message);
    }

    private String code(String id, Headers headers, String parts) {
        return complete(id, headers, parts).headers().find("Forebay-Error", "");
    }

    private Reply abort(String id) {
        return node.send(Method.DELETE, "/objects/b/o?uploadId=" + id, new Headers(), "{\"action\":\"mpt-abort\"}");
    }

    private List<UploadInfo> uploads() {
        Reply reply = node.send(Method.GET, "/buckets/b?what=uploads");
        return WireJson.readList(NodeFixture.bytes(text(reply)), UploadInfo.class);
    }

    private static String etag(Reply reply) {
        return reply.headers().find(NodeHeaders.ETAG, "");
    }

    private static Checksum sum(ChecksumType type, String content) {
        return Checksummers.of(type, ByteBuffer.wrap(NodeFixture.bytes(content)));
    }

    private static String md5OfMd5s(String... hexes) {
        Checksummer md5 = Checksummers.of(ChecksumType.MD5);
        for (String hex : hexes) {
            md5.update(ByteBuffer.wrap(new Checksum(ChecksumType.MD5, hex).digest()));
        }
        return md5.finish().hex();
    }
}
