package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.extended;
import static io.forebay.storage.NodeFixture.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummer;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.CustomerKey;
import io.forebay.common.model.ObjectAttributes;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.PartInfo;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Objects that are encrypted at the wish of their writer, or of their bucket.
final class EncryptionTest {
    private static final String SECRET_TEXT = "a text that nobody finds on the disk ";
    private static final String LARGE = SECRET_TEXT.repeat(40_000);
    private static final String ONE = customerKey(1);
    private static final String OTHER = customerKey(2);
    private static final String PARTS = "[{\"part-number\":1},{\"part-number\":2}]";

    @TempDir
    private Path folder;

    private NodeFixture node;

    @BeforeEach
    void open() {
        node = new NodeFixture(folder, Map.of("encryption.keys", "first,second"));
        node.createBucket("other", Map.of());
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void nothingOfTheContentIsOnTheDisk() throws IOException {
        assertThat(put("small", encrypted("AES256"), SECRET_TEXT).status()).isEqualTo(200);
        assertThat(put("large", encrypted("AES256"), LARGE).status()).isEqualTo(200);
        String id = create("parts", encrypted("AES256"));
        assertThat(part("parts", id, 1, extended(), LARGE).status()).isEqualTo(200);
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
        node.restart();
        assertThat(node.content("small")).isEqualTo(SECRET_TEXT);
        assertThat(node.content("large")).isEqualTo(LARGE);
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
        node.put("plain", SECRET_TEXT);
        assertThat(isOnDisk(SECRET_TEXT)).isTrue();
    }

    @Test
    void attributesAreThoseOfTheContent() {
        Headers headers = encrypted("AES256")
                .add(NodeHeaders.COMPUTE, "md5")
                .add(NodeHeaders.SYSTEM, "content-type=a/b")
                .add(NodeHeaders.CUSTOM, "k=v");
        Reply put = put("o", headers, LARGE);
        Reply head = node.send(Method.HEAD, "/objects/b/o", extended());
        for (Headers told : List.of(put.headers(), head.headers())) {
            ObjectAttributes attributes = AttributeHeaders.read(told);
            assertThat(attributes.size()).isEqualTo(LARGE.length());
            assertThat(attributes.etag()).isEqualTo(sum(ChecksumType.MD5, LARGE).hex());
            assertThat(attributes.checksums())
                    .containsExactlyInAnyOrder(sum(ChecksumType.XXHASH64, LARGE), sum(ChecksumType.MD5, LARGE));
            assertThat(attributes.system()).containsEntry("content-type", "a/b");
            assertThat(attributes.custom()).containsEntry("k", "v");
            assertThat(told.find(NodeHeaders.ENCRYPTION)).isEqualTo("AES256");
        }
        assertThat(head.payload().length()).isEqualTo(LARGE.length());
        Page.Entry listed =
                node.page(new PageRequest("", "", "", 10, true)).entries().getFirst();
        assertThat(listed.size()).isEqualTo(LARGE.length());
        assertThat(listed.etag()).isEqualTo(sum(ChecksumType.MD5, LARGE).hex());
        assertThat(listed.checksums()).isEmpty();
    }

    @Test
    void wrongChecksumStoresNothing() {
        Headers wrong = encrypted("AES256").add(NodeHeaders.VERIFY, "md5=" + "0".repeat(32));
        assertThat(put("o", wrong, "content").headers().find("Forebay-Error")).isEqualTo("CHECKSUM_MISMATCH");
        Headers right = encrypted("AES256")
                .add(
                        NodeHeaders.CHECKSUM,
                        "sha256=" + sum(ChecksumType.SHA256, "content").hex());
        assertThat(put("o", right, "content").status()).isEqualTo(200);
        assertThat(node.content("o")).isEqualTo("content");
    }

    @Test
    void eventLoopGetsAnAnswerWithoutWaiting() {
        put("o", encrypted("AES256"), "content");
        assertThat(node.content("o")).isEqualTo("content");
        Reply reply = node.sendWithoutWaiting(Method.GET, "/objects/b/o", new Headers());
        assertThat(reply.wouldWait() ? node.content("o") : text(reply)).isEqualTo("content");
    }

    @Test
    void bucketsDefaultHoldsForWhoSaysNothing() throws IOException {
        encryptByDefault("b", "aws:kms;key=first");
        node.put("o", SECRET_TEXT);
        assertThat(encryptionOf("o")).isEqualTo("aws:kms;key=first");
        put("o", encrypted("AES256"), SECRET_TEXT);
        assertThat(encryptionOf("o")).isEqualTo("AES256");
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
        encryptByDefault("b", "");
        node.put("o", "another text");
        assertThat(encryptionOf("o")).isNull();
    }

    /// A client that knows the object already must not leave it as it was.
    @Test
    void sameContentIsWrittenAgainToBeEncrypted() {
        Reply first = node.put("o", "0123456789");
        encryptByDefault("b", "AES256");
        Headers known = new Headers()
                .add("Ais-Checksum-Type", "xxhash2")
                .add("Ais-Checksum-Value", first.headers().find("Ais-Checksum-Value", ""));
        assertThat(node.send(Method.PUT, "/objects/b/o", known, "0123456789").status())
                .isEqualTo(200);
        assertThat(encryptionOf("o")).isEqualTo("AES256");
    }

    @Test
    void keyThatIsNotKnownIsRefused() {
        Reply unknown = put("o", encrypted("aws:kms;key=third"), "x");
        assertThat(unknown.headers().find("Forebay-Error")).isEqualTo("KEY_UNKNOWN");
        assertThat(put("o", encrypted("aws:kms"), "x").headers().find("Forebay-Error"))
                .isEqualTo("INVALID_ARGUMENT");
        assertThat(put("o", encrypted("AES128"), "x").status()).isEqualTo(400);
        assertThat(node.names()).isEmpty();
    }

    @Test
    void customersObjectIsReadWithItsKeyOnly() {
        assertThat(put("o", encrypted("customer", ONE), LARGE).status()).isEqualTo(200);
        assertThat(text(node.send(Method.GET, "/objects/b/o", keyed(ONE)))).isEqualTo(LARGE);
        Reply range = node.send(Method.GET, "/objects/b/o", keyed(ONE).add("Range", "bytes=65530-65540"));
        assertThat(text(range)).isEqualTo(LARGE.substring(65530, 65541));
        assertThat(node.send(Method.GET, "/objects/b/o", keyed(OTHER)).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(node.send(Method.HEAD, "/objects/b/o", keyed(OTHER)).status())
                .isEqualTo(400);
        Reply none = node.send(Method.GET, "/objects/b/o", extended());
        assertThat(none.status()).isEqualTo(400);
        assertThat(text(none)).contains("is encrypted by a key of its writer").doesNotContain(ONE);
        assertThat(text(node.send(Method.GET, "/objects/b/o"))).contains("is encrypted by a key of its writer");
        // There is nothing to open.
        assertThat(node.send(Method.GET, "/objects/b/o?partNumber=2", extended())
                        .status())
                .isEqualTo(416);
    }

    /// So that lists and permissions work without it.
    @Test
    void customersObjectTellsItsSizeWithoutTheKey() {
        put("o", encrypted("customer", ONE).add(NodeHeaders.COMPUTE, "md5"), LARGE);
        Reply head = node.send(Method.HEAD, "/objects/b/o", extended());
        ObjectAttributes closed = AttributeHeaders.read(head.headers());
        assertThat(closed.size()).isEqualTo(LARGE.length());
        assertThat(closed.checksums()).isEmpty();
        assertThat(head.headers().find(NodeHeaders.ENCRYPTION)).isEqualTo("customer");
        Headers opened = node.send(Method.HEAD, "/objects/b/o", keyed(ONE)).headers();
        assertThat(AttributeHeaders.read(opened).checksum(ChecksumType.MD5)).isEqualTo(sum(ChecksumType.MD5, LARGE));
        assertThat(AttributeHeaders.read(opened).etag())
                .isEqualTo(closed.etag())
                .endsWith("-x");
        Headers native1 = node.send(Method.HEAD, "/objects/b/o").headers();
        assertThat(native1.find("Ais-Name")).isEqualTo("o");
        assertThat(native1.contains("Ais-Checksum-Value")).isFalse();
    }

    @Test
    void attributesChangeWithoutTheKey() {
        put("o", encrypted("customer", ONE), "content");
        Headers change = extended().add(NodeHeaders.SYSTEM, "x-tags=a");
        assertThat(node.send(Method.PATCH, "/objects/b/o", change, "{}").status())
                .isEqualTo(200);
        node.restart();
        Reply read = node.send(Method.GET, "/objects/b/o", keyed(ONE));
        assertThat(AttributeHeaders.readSystem(read.headers())).containsEntry("x-tags", "a");
        assertThat(text(read)).isEqualTo("content");
    }

    @Test
    void uploadIsEncryptedByItsOwnKey() {
        String id = create("o", encrypted("customer", ONE).add(NodeHeaders.UPLOAD_CHECKSUM, "crc32:FULL_OBJECT"));
        assertThat(part("o", id, 1, extended(), LARGE).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(part("o", id, 1, keyed(OTHER), LARGE).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(part("o", id, 1, keyed(ONE), LARGE).status()).isEqualTo(200);
        assertThat(part("o", id, 2, keyed(ONE), "end").status()).isEqualTo(200);
        node.restart();
        List<PartInfo> closed = parts("o", id, extended());
        assertThat(closed).extracting(PartInfo::size).containsExactly((long) LARGE.length(), 3L);
        assertThat(closed.getFirst().checksums()).isEmpty();
        assertThat(parts("o", id, keyed(ONE)).getLast().checksums())
                .containsEntry("crc32", sum(ChecksumType.CRC32, "end").hex());
        assertThat(complete("o", id, keyed(OTHER)).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        Reply done = complete("o", id, keyed(ONE));
        ObjectAttributes made = AttributeHeaders.read(done.headers());
        assertThat(made.checksums()).containsExactly(sum(ChecksumType.CRC32, LARGE + "end"));
        assertThat(made.etag()).matches("[0-9a-f]{32}-2");
        node.restart();
        assertThat(text(node.send(Method.GET, "/objects/b/o", keyed(ONE)))).isEqualTo(LARGE + "end");
        Reply part = node.send(Method.GET, "/objects/b/o?partNumber=2", keyed(ONE));
        assertThat(part.headers().find(NodeHeaders.PART_CHECKSUM))
                .isEqualTo("crc32=" + sum(ChecksumType.CRC32, "end").hex());
        assertThat(text(part)).isEqualTo("end");
        int edge = LARGE.length();
        Headers across = keyed(ONE).add("Range", "bytes=" + (edge - 1) + "-" + edge);
        assertThat(text(node.send(Method.GET, "/objects/b/o", across))).isEqualTo(LARGE.charAt(edge - 1) + "e");
    }

    /// Clients send the key with the parts, and not always with the completion.
    @Test
    void uploadIsCompletedWithoutTheKey() throws IOException {
        String id = create("o", encrypted("customer", ONE));
        assertThat(part("o", id, 1, keyed(ONE), LARGE).status()).isEqualTo(200);
        assertThat(part("o", id, 2, keyed(ONE), SECRET_TEXT).status()).isEqualTo(200);
        node.restart();
        Reply done = complete("o", id, extended());
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.headers().find(NodeHeaders.ENCRYPTION)).isEqualTo("customer");
        assertThat(text(node.send(Method.GET, "/objects/b/o", keyed(ONE)))).isEqualTo(LARGE + SECRET_TEXT);
        assertThat(node.send(Method.GET, "/objects/b/o", extended()).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
    }

    @Test
    void keyIsRefusedByAnUploadThatHasNone() {
        String id = create("o", extended());
        assertThat(part("o", id, 1, keyed(ONE), "x").headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(part("o", id, 1, extended(), "x").status()).isEqualTo(200);
    }

    @Test
    void appendingGoesOnWithTheObjectsKey() throws IOException {
        put("o", encrypted("aws:kms;key=second"), LARGE);
        flush("o", append("o", append("o", "", SECRET_TEXT), "end"));
        assertThat(node.content("o")).isEqualTo(LARGE + SECRET_TEXT + "end");
        assertThat(encryptionOf("o")).isEqualTo("aws:kms;key=second");
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
        assertThat(node.send(Method.GET, "/objects/b/o?validate-checksum=true").status())
                .isEqualTo(200);
        put("o", encrypted("customer", ONE), "x");
        Reply refused = node.send(Method.PUT, "/objects/b/o?append_type=append&append_handle=", new Headers(), "y");
        assertThat(refused.headers().find("Forebay-Error")).isEqualTo("KEY_REFUSED");
    }

    @Test
    void appendingToAnObjectThatWasReplacedMeanwhileFails() {
        put("o", encrypted("AES256"), "first");
        String handle = append("o", "", "more");
        put("o", encrypted("AES256"), "second");
        String target = "/objects/b/o?append_type=flush&append_handle=" + PercentCode.encode(handle);
        assertThat(node.send(Method.PUT, target, new Headers(), "").headers().find("Forebay-Error"))
                .isEqualTo("PRECONDITION_FAILED");
        assertThat(node.content("o")).isEqualTo("second");
    }

    @Test
    void copiesAndRenamesAreEncryptedAsWhatTheyAreMadeOf() throws IOException {
        put("o", encrypted("aws:kms;key=first"), LARGE);
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=ais/@%23/other/copy")
                        .status())
                .isEqualTo(200);
        assertThat(encryptionOf("other", "copy")).isEqualTo("aws:kms;key=first");
        encryptByDefault("other", "AES256");
        assertThat(node.send(Method.PUT, "/objects/b/o?object_to=ais/@%23/other/copy")
                        .status())
                .isEqualTo(200);
        assertThat(encryptionOf("other", "copy")).isEqualTo("AES256");
        assertThat(text(node.send(Method.GET, "/objects/other/copy"))).isEqualTo(LARGE);
        String rename = "{\"action\":\"rename-obj\",\"name\":\"moved\"}";
        assertThat(node.send(Method.POST, "/objects/b/o", new Headers(), rename).status())
                .isEqualTo(200);
        assertThat(node.content("moved")).isEqualTo(LARGE);
        assertThat(encryptionOf("moved")).isEqualTo("aws:kms;key=first");
        assertThat(isOnDisk(SECRET_TEXT)).isFalse();
        put("o", encrypted("customer", ONE), "x");
        assertThat(node.send(Method.POST, "/objects/b/o", new Headers(), rename)
                        .headers()
                        .find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
    }

    @Test
    void versionsKeepTheirOwnKeys() {
        node.log.submit(new Command.SetBucketProperties(BucketName.of("b"), Map.of(Bucket.VERSIONING, "Enabled")));
        String first = version(put("o", encrypted("aws:kms;key=first"), "the first"));
        String second = version(put("o", encrypted("customer", ONE), "the second"));
        put("o", extended(), "the third");
        node.restart();
        Headers old = extended().add(NodeHeaders.VERSION, first);
        Reply reply = node.send(Method.GET, "/objects/b/o", old);
        assertThat(reply.headers().find(NodeHeaders.ENCRYPTION)).isEqualTo("aws:kms;key=first");
        assertThat(text(reply)).isEqualTo("the first");
        Headers keyed = keyed(ONE).add(NodeHeaders.VERSION, second);
        assertThat(text(node.send(Method.GET, "/objects/b/o", keyed))).isEqualTo("the second");
        Headers without = extended().add(NodeHeaders.VERSION, second);
        assertThat(node.send(Method.GET, "/objects/b/o", without).headers().find("Forebay-Error"))
                .isEqualTo("KEY_REFUSED");
        assertThat(node.content("o")).isEqualTo("the third");
    }

    private static String version(Reply put) {
        return AttributeHeaders.readSystem(put.headers()).getOrDefault(VersionId.ATTRIBUTE, "");
    }

    /// The reader gets no byte of it, and the node knows from then on.
    @Test
    void bytesThatWereChangedOnTheDiskAreNotRead() throws IOException {
        put("o", encrypted("AES256"), LARGE);
        assertThat(validated("o").status()).isEqualTo(200);
        changeLargeFile(70_000);
        Headers before = new Headers().add("Range", "bytes=0-60000");
        assertThat(text(node.send(Method.GET, "/objects/b/o", before))).isEqualTo(LARGE.substring(0, 60_001));
        Headers range = new Headers().add("Range", "bytes=65536-65536");
        Reply reply = node.send(Method.GET, "/objects/b/o", range);
        assertThatThrownBy(() -> text(reply))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        assertThat(node.send(Method.GET, "/objects/b/o").headers().find("Forebay-Error"))
                .isEqualTo("CORRUPT");
    }

    @Test
    void changedBytesAreFoundWithoutTheKey() throws IOException {
        put("o", encrypted("customer", ONE), LARGE);
        changeLargeFile(70_000);
        String scrub = "{\"volume\":\"\"}";
        assertThat(node.send(Method.POST, "/daemon/scrub", new Headers(), scrub).status())
                .isEqualTo(200);
        while (!text(node.send(Method.GET, "/daemon/scrub")).contains("\"name\":\"o\"")) {
            Thread.onSpinWait();
        }
        assertThat(node.send(Method.GET, "/objects/b/o", keyed(ONE)).headers().find("Forebay-Error"))
                .isEqualTo("CORRUPT");
    }

    private void encryptByDefault(String bucket, String encryption) {
        node.log.submit(new Command.SetBucketProperties(BucketName.of(bucket), Map.of(Bucket.ENCRYPTION, encryption)));
    }

    private @Nullable String encryptionOf(String name) {
        return encryptionOf("b", name);
    }

    private @Nullable String encryptionOf(String bucket, String name) {
        return node.send(Method.HEAD, "/objects/" + bucket + "/" + name, extended())
                .headers()
                .find(NodeHeaders.ENCRYPTION);
    }

    private Reply validated(String name) {
        return node.send(Method.GET, "/objects/b/" + name + "?validate-checksum=true");
    }

    private Reply put(String name, Headers headers, String content) {
        return node.send(Method.PUT, "/objects/b/" + name, headers, content);
    }

    private String append(String name, String handle, String content) {
        String target = "/objects/b/" + name + "?append_type=append&append_handle=" + PercentCode.encode(handle);
        Reply reply = node.send(Method.PUT, target, new Headers(), content);
        assertThat(reply.status()).isEqualTo(200);
        return reply.headers().find(AisHeaders.APPEND_HANDLE, "");
    }

    private void flush(String name, String handle) {
        String target = "/objects/b/" + name + "?append_type=flush&append_handle=" + PercentCode.encode(handle);
        assertThat(node.send(Method.PUT, target, new Headers(), "").status()).isEqualTo(200);
    }

    private String create(String name, Headers headers) {
        Reply reply = node.send(Method.POST, "/objects/b/" + name, headers, "{\"action\":\"mpt-upload\"}");
        assertThat(reply.status()).isEqualTo(200);
        return text(reply);
    }

    private Reply part(String name, String id, int number, Headers headers, String content) {
        String target = "/objects/b/" + name + "?uploadId=" + id + "&partNumber=" + number;
        return node.send(Method.PUT, target, headers, content);
    }

    private List<PartInfo> parts(String name, String id, Headers headers) {
        Reply reply = node.send(Method.GET, "/objects/b/" + name + "?uploadId=" + id, headers);
        return WireJson.readList(NodeFixture.bytes(text(reply)), PartInfo.class);
    }

    private Reply complete(String name, String id, Headers headers) {
        String message = "{\"action\":\"mpt-complete\",\"value\":" + PARTS + "}";
        return node.send(Method.POST, "/objects/b/" + name + "?uploadId=" + id, headers, message);
    }

    private static Headers encrypted(String encryption) {
        return extended().add(NodeHeaders.ENCRYPTION, encryption);
    }

    private static Headers encrypted(String encryption, String key) {
        return encrypted(encryption).add(NodeHeaders.CUSTOMER_KEY, key);
    }

    private static Headers keyed(String key) {
        return extended().add(NodeHeaders.CUSTOMER_KEY, key);
    }

    private static String customerKey(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return CustomerKey.parse(Base64.getEncoder().encodeToString(bytes)).base64();
    }

    private static Checksum sum(ChecksumType type, String content) {
        Checksummer checksummer = Checksummers.of(type);
        checksummer.update(ByteBuffer.wrap(NodeFixture.bytes(content)));
        return checksummer.finish();
    }

    private void changeLargeFile(long at) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("files"))) {
            Path file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                ByteBuffer old = ByteBuffer.allocate(1);
                channel.read(old, at);
                channel.write(ByteBuffer.wrap(new byte[] {(byte) ~old.get(0)}), at);
            }
        }
    }

    private boolean isOnDisk(String text) throws IOException {
        String head = text.substring(0, 16);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(head)) {
                    return true;
                }
            }
            return false;
        }
    }
}
