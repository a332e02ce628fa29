package io.forebay.storage.http;

import static io.forebay.storage.NodeFixture.text;
import static io.forebay.storage.http.ArchiveReading.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.NodeFixture;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// GET of members of archives.
class ArchiveTest {
    private static final Map<ArchiveFormat, String> NAMES = Map.of(
            ArchiveFormat.TAR,
            "s.tar",
            ArchiveFormat.TGZ,
            "s.tgz",
            ArchiveFormat.ZIP,
            "s.zip",
            ArchiveFormat.TAR_LZ4,
            "s.tar.lz4");

    @TempDir
    private Path folder;

    private @Nullable NodeFixture opened;

    private NodeFixture node() {
        NodeFixture node = opened;
        if (node == null) {
            node = new NodeFixture(folder, Map.of());
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

    private static Map<String, byte[]> members(int count) {
        Random random = new Random(count);
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int index = 0; index < count; index++) {
            byte[] content = new byte[index == 1 ? 0 : random.nextInt(20_000)];
            random.nextBytes(content);
            members.put((index % 2 == 0 ? "a/" : "b/") + index + (index % 3 == 0 ? ".cls" : ".jpg"), content);
        }
        return members;
    }

    private static byte[] archive(ArchiveFormat format, Map<String, byte[]> members) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (ArchiveOutput output = new ArchiveOutput(format, 1_700_000_000_000L)) {
            members.forEach((name, content) -> {
                output.begin(name, content.length);
                output.write(ByteBuffer.wrap(content));
                output.end();
                append(output.take(), all);
            });
            output.finish();
            append(output.take(), all);
        }
        return all.toByteArray();
    }

    private static void append(ByteBuffer bytes, ByteArrayOutputStream all) {
        byte[] piece = new byte[bytes.remaining()];
        bytes.get(piece);
        all.writeBytes(piece);
    }

    private void put(String name, byte[] content) {
        Reply reply = node().send(Method.PUT, "/objects/b/" + name, new Headers(), MemoryBody.of(content));
        assertThat(reply.status()).isEqualTo(200);
    }

    private Reply get(String target, String... headers) {
        return new ArchiveReading(node()).get(target, headers);
    }

    private void assertMembers(String name, Map<String, byte[]> members) {
        new ArchiveReading(node()).assertMembers(name, members);
    }

    private long counted(String metric) {
        return new ArchiveReading(node()).counted(metric);
    }

    @ParameterizedTest
    @EnumSource
    void membersAreReadOfSmallAndLargeArchives(ArchiveFormat format) {
        String name = NAMES.getOrDefault(format, "");
        for (int count : new int[] {2, 60}) {
            Map<String, byte[]> members = members(count);
            put(name, archive(format, members));
            assertMembers(name, members);
            node().restart();
            assertMembers(name, members);
        }
    }

    @Test
    void theIndexIsMadeWhileAnArchiveArrivesOrWhenItIsMissedAndThenKept() {
        Map<String, byte[]> members = members(60);
        for (ArchiveFormat format : ArchiveFormat.values()) {
            put("s" + format.extension(), archive(format, members));
            assertMembers("s" + format.extension(), members);
        }
        assertThat(counted("indexed_writing_total")).isEqualTo(4);
        assertThat(counted("indexed_reading_total")).isZero();
        put("unnamed", archive(ArchiveFormat.TAR, members));
        assertMembers("unnamed", members);
        assertMembers("unnamed", members);
        assertThat(counted("indexed_reading_total")).isEqualTo(1);
        put("s.tar", new byte[300_000]);
        assertThat(get("s.tar?archpath=a/0.cls").status())
                .as("zeros are the end of a tar")
                .isEqualTo(404);
        put("broken.tar", "x".repeat(300_000).getBytes(StandardCharsets.UTF_8));
        assertThat(counted("refused_total")).isEqualTo(1);
        Reply broken = get("broken.tar?archpath=a");
        assertThat(broken.status()).isEqualTo(400);
        assertThat(text(broken)).contains("not a tar archive");
    }

    @Test
    void manyReadersOfAnArchiveThatHasNoIndexMakeOneOfThem() throws InterruptedException, ExecutionException {
        Map<String, byte[]> members = members(60);
        put("unnamed", archive(ArchiveFormat.TGZ, members));
        List<Callable<byte[]>> reads = new ArrayList<>();
        members.keySet().forEach(member -> reads.add(() -> bytes(get("unnamed?archpath=" + member))));
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<byte[]> read = new ArrayList<>();
            for (Future<byte[]> future : threads.invokeAll(reads)) {
                read.add(future.get());
            }
            assertThat(read).containsExactlyElementsOf(members.values());
        }
        assertThat(counted("indexed_reading_total")).isEqualTo(1);
    }

    @Test
    void archivesThatNobodyHasTimeForAreIndexedByTheirFirstReader() {
        opened = new NodeFixture(folder, Map.of("archive.max-arriving", "0"));
        Map<String, byte[]> members = members(60);
        put("s.tar", archive(ArchiveFormat.TAR, members));
        assertThat(counted("passed_over_total")).isEqualTo(1);
        assertMembers("s.tar", members);
        assertThat(counted("indexed_reading_total")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void namesOfMembersComeInPages(ArchiveFormat format) {
        String name = NAMES.getOrDefault(format, "");
        for (int count : new int[] {2, 60}) {
            Map<String, byte[]> members = members(count);
            put(name, archive(format, members));
            // Before and after its index is there.
            for (int round = 0; round < 2; round++) {
                Map<String, Long> found = new LinkedHashMap<>();
                MembersRequest asked = new MembersRequest("", "", 7);
                MembersPage page = page(name, asked);
                page.members().forEach(member -> found.put(member.name(), member.size()));
                while (page.truncated()) {
                    asked = new MembersRequest("", page.members().getLast().name(), 7);
                    page = page(name, asked);
                    page.members().forEach(member -> found.put(member.name(), member.size()));
                }
                Map<String, Long> sizes = new TreeMap<>();
                members.forEach((member, content) -> sizes.put(member, (long) content.length));
                assertThat(List.copyOf(found.entrySet())).isEqualTo(List.copyOf(sizes.entrySet()));
            }
        }
        assertThat(page(name, new MembersRequest("b/5", "b/5.jpg", 100)).members())
                .allMatch(member -> member.name().startsWith("b/5"))
                .hasSize(5);
        put("no.archive", new byte[] {1, 2, 3});
        assertThat(get("no.archive?" + new MembersRequest("", "", 7).query()).status())
                .isEqualTo(400);
        assertThat(get("none.tar?" + new MembersRequest("", "", 7).query()).status())
                .isEqualTo(404);
        assertThat(text(get(name + "?what=members&limit=0"))).contains("limit must be 1 to 10000, not 0");
        assertThat(text(get(name + "?what=members&limit=x"))).contains("limit must be a number");
    }

    private MembersPage page(String name, MembersRequest request) {
        return WireJson.read(bytes(get(name + "?" + request.query())), MembersPage.class);
    }

    @ParameterizedTest
    @EnumSource
    void rangesOfAMember(ArchiveFormat format) {
        String name = NAMES.getOrDefault(format, "");
        Map<String, byte[]> members = members(60);
        put(name, archive(format, members));
        byte[] content = members.getOrDefault("a/2.jpg", new byte[0]);
        // Before and after its index is there.
        for (int round = 0; round < 2; round++) {
            Reply reply = get(name + "?archpath=a/2.jpg", "Range", "bytes=10-99");
            assertThat(reply.status()).isEqualTo(206);
            assertThat(reply.headers().find("Content-Range")).isEqualTo("bytes 10-99/" + content.length);
            assertThat(bytes(reply)).isEqualTo(Arrays.copyOfRange(content, 10, 100));
            Reply tail = get(name + "?archpath=a/2.jpg", "Range", "bytes=-7");
            assertThat(bytes(tail)).isEqualTo(Arrays.copyOfRange(content, content.length - 7, content.length));
            assertThat(get(name + "?archpath=a/2.jpg", "Range", "bytes=" + content.length + "-")
                            .status())
                    .isEqualTo(416);
            assertThat(get(name + "?archregx=a&archmode=prefix", "Range", "bytes=0-1")
                            .status())
                    .isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void severalMembersComeAsATar(ArchiveFormat format) {
        String name = NAMES.getOrDefault(format, "");
        Map<String, byte[]> members = members(60);
        put(name, archive(format, members));
        for (int round = 0; round < 2; round++) {
            Reply reply = get(name + "?archpath=&archregx=%5C.cls$&archmode=regexp");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.headers().find("Content-Type")).isEqualTo("application/x-tar");
            Map<String, byte[]> selected = new LinkedHashMap<>(members);
            selected.keySet().removeIf(member -> !member.endsWith(".cls"));
            put("selected.tar", bytes(reply));
            assertMembers("selected.tar", selected);
            assertThat(get("selected.tar?archpath=a/2.jpg").status()).isEqualTo(404);
            assertThat(get(name + "?archregx=none&archmode=prefix").status()).isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource
    void encryptedArchivesAreRead(ArchiveFormat format) {
        opened = NodeFixture.encrypting(folder);
        String name = NAMES.getOrDefault(format, "");
        Map<String, byte[]> members = members(20);
        put(name, archive(format, members));
        assertMembers(name, members);
        assertThat(counted("indexed_writing_total"))
                .as("names of members are not kept in the clear")
                .isZero();
    }

    @Test
    void whatIsNotThereIsTold() {
        put("s.tar", archive(ArchiveFormat.TAR, members(30)));
        Reply absent = get("s.tar?archpath=a/none");
        assertThat(absent.status()).isEqualTo(404);
        assertThat(text(absent)).contains("\\\"a/none\\\" is not in ais://b/s.tar");
        assertThat(get("none.tar?archpath=a").status()).isEqualTo(404);
        assertThat(bytes(get("s.tar?archpath=&archregx=x")).length)
                .as("without a mode an expression means nothing")
                .isEqualTo(archive(ArchiveFormat.TAR, members(30)).length);
        assertThat(get("s.tar?archpath=a/0.cls&archmime=.rar").status()).isEqualTo(400);
    }

    @Test
    void readThatIsPassedOnIsAnsweredFromTheValueThatWasMeantOnly() {
        put("s.tar", archive(ArchiveFormat.TAR, members(3)));
        Reply older = get("s.tar?archpath=a/0.cls", "Forebay-Held", "9.9");
        assertThat(older.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
        Reply gone = get("none.tar?archpath=a/0.cls", "Forebay-Held", "9.9");
        assertThat(gone.headers().find("Forebay-Error")).isEqualTo("NOT_OWNER");
    }

    @Test
    void batchesHaveMembersAndRangesOfThem() {
        Map<String, byte[]> members = members(40);
        put("s.tar", archive(ArchiveFormat.TAR, members));
        put("t.zip", archive(ArchiveFormat.ZIP, members));
        Reply reply = node().send(
                        Method.GET,
                        "/ml/moss/b",
                        new Headers(),
                        "{\"strm\":true,\"coer\":true,\"in\":[{\"objname\":\"s.tar\",\"archpath\":\"a/0.cls\"},"
                                + "{\"objname\":\"t.zip\",\"archpath\":\"b/5.jpg\",\"start\":3,\"length\":4},"
                                + "{\"objname\":\"s.tar\",\"archpath\":\"none\"}]}");
        assertThat(reply.status()).isEqualTo(200);
        put("batch.tar", bytes(reply));
        byte[] inZip = members.getOrDefault("b/5.jpg", new byte[0]);
        assertMembers(
                "batch.tar",
                Map.of(
                        "b/s.tar/a/0.cls",
                        members.getOrDefault("a/0.cls", new byte[0]),
                        "b/t.zip/b/5.jpg",
                        Arrays.copyOfRange(inZip, 3, 7),
                        "__404__/b/s.tar/none",
                        new byte[0]));
        assertThat(node().metrics.text()).contains("forebay_batch_members_total{node=\"node1\"} 2");
    }
}
