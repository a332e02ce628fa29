package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static io.forebay.storage.http.ArchiveReading.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// PUT of members of archives.
final class ArchiveWriteTest {
    private static final String CREATE = "0";
    private static final String APPEND = "1";
    private static final String EITHER = "2";

    @TempDir
    private Path folder;

    private @Nullable NodeFixture opened;

    private NodeFixture node() {
        NodeFixture node = opened;
        if (node == null) {
            node = new NodeFixture(folder, Map.of("archive.min-in-place", "64KiB"));
            opened = node;
        }
        return node;
    }

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private Reply put(String target, String mode, byte[] content, String... headers) {
        Headers sent = ArchiveReading.headers(headers).add("Ais-Pine", mode);
        return node().send(Method.PUT, "/objects/b/" + target, sent, MemoryBody.of(content));
    }

    private Reply get(String target) {
        return new ArchiveReading(node()).get(target);
    }

    private void assertMembers(String archive, Map<String, byte[]> members) {
        new ArchiveReading(node()).assertMembers(archive, members);
    }

    private long counted(String metric) {
        return new ArchiveReading(node()).counted(metric);
    }

    private static byte[] content(Random random, int size) {
        byte[] content = new byte[size];
        random.nextBytes(content);
        return content;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Grows an archive from nothing, through the sizes at which it is a small object, a file, and several
    /// pieces.
    private void grows(ArchiveFormat format) {
        String name = "s" + format.extension();
        Random random = new Random(7);
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int index = 0; index < 40; index++) {
            byte[] content = content(random, index == 3 ? 0 : random.nextInt(index == 20 ? 900_000 : 30_000));
            String member = "d/" + index + ".bin";
            assertThat(put(name + "?archpath=/" + member, EITHER, content).status())
                    .isEqualTo(200);
            members.put(member, content);
            if (index % 8 == 0) {
                assertMembers(name, members);
                assertThat(get(name + "?validate-checksum=true").status()).isEqualTo(200);
            }
        }
        node().restart();
        assertMembers(name, members);
        assertThat(get(name + "?validate-checksum=true").status()).isEqualTo(200);
        byte[] whole = bytes(get(name));
        Reply copied = put("copy" + format.extension(), CREATE, whole);
        assertThat(copied.status()).isEqualTo(200);
        assertMembers("copy" + format.extension(), members);
    }

    @ParameterizedTest
    @EnumSource
    void archivesGrowMemberByMember(ArchiveFormat format) {
        grows(format);
        assertThat(counted("extended_total") > 0)
                .as("in its place")
                .isEqualTo(format == ArchiveFormat.TAR || format == ArchiveFormat.ZIP);
    }

    @ParameterizedTest
    @EnumSource
    void encryptedArchivesGrowToo(ArchiveFormat format) {
        opened = NodeFixture.encrypting(folder);
        grows(format);
        assertThat(counted("extended_total")).isZero();
    }

    @Test
    void extendedArchiveIsIndexedWithoutBeingRead() {
        byte[] content = content(new Random(1), 200_000);
        put("s.tar?archpath=a", CREATE, content);
        put("s.tar?archpath=b", APPEND, content);
        put("s.tar?archpath=c", APPEND, content);
        assertMembers("s.tar", Map.of("a", content, "b", content, "c", content));
        assertThat(counted("extended_total")).isEqualTo(2);
        assertThat(counted("indexed_reading_total")).isZero();
    }

    @Test
    void damagedIndexDoesNotFailTheMemberThatIsAppended() throws IOException {
        byte[] content = content(new Random(1), 200_000);
        put("s.tar?archpath=a", CREATE, content);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path sidecar :
                    files.filter(file -> file.toString().endsWith(".sidecar")).toList()) {
                byte[] bytes = Files.readAllBytes(sidecar);
                // In its first block: the table and what is behind it are as they were.
                bytes[Long.BYTES + 3] ^= 1;
                Files.write(sidecar, bytes);
            }
        }
        assertThat(put("s.tar?archpath=b", APPEND, content).status()).isEqualTo(200);
        assertThat(counted("extended_total")).isEqualTo(1);
        assertMembers("s.tar", Map.of("a", content, "b", content));
        assertThat(counted("indexed_reading_total")).isEqualTo(1);
    }

    @Test
    void archiveOfTooManyPiecesIsWrittenAnew() {
        opened = new NodeFixture(folder, Map.of("archive.min-in-place", "64KiB", "archive.max-pieces", "3"));
        byte[] content = content(new Random(1), 200_000);
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int index = 0; index < 8; index++) {
            put("s.tar?archpath=m" + index, EITHER, content);
            members.put("m" + index, content);
        }
        assertMembers("s.tar", members);
        assertThat(counted("rewritten_total")).isEqualTo(3);
        assertThat(counted("extended_total")).isEqualTo(5);
    }

    @Test
    void modeSaysWhatBecomesOfAnArchive() {
        byte[] content = ascii("content");
        assertThat(put("s.tar?archpath=a", APPEND, content).status()).isEqualTo(404);
        assertThat(put("s.tar?archpath=a", EITHER, content).status()).isEqualTo(200);
        assertThat(put("s.tar?archpath=b", APPEND, content).status()).isEqualTo(200);
        assertMembers("s.tar", Map.of("a", content, "b", content));
        assertThat(put("s.tar?archpath=c", CREATE, content).status()).isEqualTo(200);
        assertMembers("s.tar", Map.of("c", content));
        assertThat(get("s.tar?archpath=a").status()).isEqualTo(404);
        assertThat(put("s.tar?archpath=c", APPEND, ascii("second")).status()).isEqualTo(200);
        assertMembers("s.tar", Map.of("c", content));
    }

    @ParameterizedTest
    @CsvSource({
        "s.tar?archpath=../a,1,invalid object name",
        "s.tar?archpath=a/,1,invalid object name",
        "plain?archpath=a,0,does not have the extension of an archive",
        "s.zip?archpath=a&archmime=.tar,0,was asked for",
        "s.tar?archpath=a,7,invalid Ais-Pine",
        "text.tar?archpath=a,1,tar"
    })
    void badRequestsAreRefused(String target, String mode, String words) {
        node().put("text.tar", "this is no archive at all ".repeat(40));
        Reply reply = put(target, mode, ascii("x"));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(text(reply)).contains(words);
        assertThat(text(get("text.tar"))).startsWith("this is no archive");
    }

    @Test
    void checksumAndConditionsHold() {
        byte[] content = ascii("content");
        String wrong = Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(ascii("other")))
                .hex();
        Reply mismatch =
                put("s.tar?archpath=a", EITHER, content, "Ais-Checksum-Type", "xxhash2", "Ais-Checksum-Value", wrong);
        assertThat(mismatch.headers().find("Forebay-Error")).isEqualTo("CHECKSUM_MISMATCH");
        assertThat(get("s.tar").status()).isEqualTo(404);
        put("s.tar?archpath=a", EITHER, content);
        assertThat(put("s.tar?archpath=b", APPEND, content, "If-Match", "\"none\"")
                        .status())
                .isEqualTo(412);
        assertThat(get("s.tar?archpath=b").status()).isEqualTo(404);
    }

    @Test
    void membersThatAreAppendedAtOnceAreAllThere() throws InterruptedException, ExecutionException {
        byte[] content = content(new Random(3), 40_000);
        Map<String, byte[]> members = new LinkedHashMap<>();
        List<Callable<Integer>> writes = new ArrayList<>();
        node();
        for (int index = 0; index < 24; index++) {
            String member = "m" + index;
            members.put(member, content);
            writes.add(() -> put("s.tar?archpath=" + member, EITHER, content).status());
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> write : threads.invokeAll(writes)) {
                assertThat(write.get()).isEqualTo(200);
            }
        }
        assertMembers("s.tar", members);
    }
}
