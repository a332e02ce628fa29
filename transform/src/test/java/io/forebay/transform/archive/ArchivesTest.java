package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Archives that were written here, read member by member.
final class ArchivesTest {
    private static final long SEED = Long.getLong("seed", 7);

    private static void isRefused(ThrowingCallable call, ErrorCode code, String text) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    private static MemberTable scan(ArchiveFormat format, byte[] archive) {
        return Archives.scan(format, RandomBytes.of(ByteBuffer.wrap(archive)), ArchiveFixture.LIMITS);
    }

    @ParameterizedTest
    @EnumSource
    void everyMemberIsFoundAndRead(ArchiveFormat format) {
        Random random = new Random(SEED);
        for (int round = 0; round < 5; round++) {
            Map<String, byte[]> members = ArchiveFixture.members(SEED + round, 40 * round + 1);
            byte[] archive = ArchiveFixture.archive(format, members);
            MemberIndex index = ArchiveFixture.index(format, archive);
            assertThat(index.format()).isEqualTo(format);
            assertThat(index.count()).isEqualTo(members.size());
            members.forEach((name, content) -> {
                Member member = Objects.requireNonNull(index.find("/" + name), name);
                assertThat(member.size()).as(name).isEqualTo(content.length);
                int from = random.nextInt(content.length + 1);
                int length = random.nextInt(content.length - from + 1);
                assertThat(ArchiveFixture.content(format, archive, member, from, length))
                        .as("seed %s: %s from %s, %s bytes", SEED, name, from, length)
                        .isEqualTo(Arrays.copyOfRange(content, from, from + length));
            });
            assertThat(index.find("none")).isNull();
            assertThat(index.find("")).isNull();
        }
    }

    @Test
    void tarMembersAreWhereTheIndexSays() {
        Map<String, byte[]> members = ArchiveFixture.members(SEED, 50);
        byte[] archive = ArchiveFixture.archive(ArchiveFormat.TAR, members);
        for (Member member : ArchiveFixture.index(ArchiveFormat.TAR, archive).select(any -> true, 1000)) {
            assertThat(member.storage()).isEqualTo(Member.Storage.VERBATIM);
            assertThat(Arrays.copyOfRange(archive, (int) member.offset(), (int) (member.offset() + member.length())))
                    .isEqualTo(members.get(member.name()));
        }
    }

    @Test
    void theScannerFindsTheSameHoweverTheBytesCome() {
        byte[] archive = ArchiveFixture.archive(ArchiveFormat.TAR, ArchiveFixture.members(SEED, 60));
        byte[] expected = MemberIndex.encode(ArchiveFormat.TAR, scan(ArchiveFormat.TAR, archive));
        Random random = new Random(SEED);
        for (int round = 0; round < 20; round++) {
            MemberTable table = new MemberTable(ArchiveFixture.LIMITS);
            TarScanner scanner = new TarScanner(table, Member.Storage.VERBATIM);
            for (int at = 0; at < archive.length; ) {
                int count = Math.min(archive.length - at, 1 + random.nextInt(round == 0 ? 1 : 3000));
                scanner.accept(ByteBuffer.wrap(archive, at, count));
                at += count;
            }
            scanner.finish();
            assertThat(MemberIndex.encode(ArchiveFormat.TAR, table))
                    .as("seed %s", SEED)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsCutOffIsRefused(ArchiveFormat format) {
        byte[] archive = ArchiveFixture.archive(format, Map.of("a", new byte[3000], "b", new byte[3000]));
        for (int length = 1; length < archive.length - 1100; length += 37) {
            byte[] cut = Arrays.copyOf(archive, length);
            isRefused(() -> scan(format, cut), ErrorCode.INVALID_ARGUMENT, "not a ");
        }
        isRefused(() -> scan(format, new byte[0]), ErrorCode.INVALID_ARGUMENT, "not a ");
    }

    @ParameterizedTest
    @EnumSource
    void damageIsToldAndNeverAnEndlessLoop(ArchiveFormat format) {
        byte[] archive = ArchiveFixture.archive(format, ArchiveFixture.members(SEED, 8));
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = archive.clone();
            damaged[random.nextInt(Math.min(damaged.length, 3000))] = (byte) random.nextInt(256);
            try {
                MemberIndex index = ArchiveFixture.index(format, damaged);
                for (Member member : index.select(any -> true, 1000)) {
                    ArchiveFixture.content(format, damaged, member, 0, member.size());
                }
            } catch (StoreException e) {
                assertThat(e.code())
                        .as("seed %s, round %s", SEED, round)
                        .isIn(ErrorCode.INVALID_ARGUMENT, ErrorCode.UNSUPPORTED, ErrorCode.TOO_LARGE);
            }
        }
    }

    @Test
    void namesThatLeadOutAreNoMembers() {
        byte[] archive = ArchiveFixture.archive(
                ArchiveFormat.TAR,
                Map.of(
                        "../a",
                        new byte[1],
                        "b/../../c",
                        new byte[1],
                        "//d",
                        new byte[1],
                        "..",
                        new byte[1],
                        "ok",
                        new byte[1]));
        assertThat(ArchiveFixture.index(ArchiveFormat.TAR, archive).select(any -> true, 9))
                .extracting(Member::name)
                .containsExactly("ok");
    }

    @Test
    void limitsAreHeld() {
        byte[] archive = ArchiveFixture.archive(ArchiveFormat.TGZ, ArchiveFixture.members(SEED, 30));
        Map<String, String> tight = Map.of("max-members", "29", "max-expanded", "10KiB");
        for (Map.Entry<String, String> limit : tight.entrySet()) {
            isRefused(
                    () -> Archives.scan(
                            ArchiveFormat.TGZ,
                            RandomBytes.of(ByteBuffer.wrap(archive)),
                            ArchiveFixture.limits(Map.of(limit.getKey(), limit.getValue()))),
                    ErrorCode.TOO_LARGE,
                    "limit " + limit.getKey());
        }
        byte[] named = ArchiveFixture.archive(ArchiveFormat.TAR, Map.of("n".repeat(5000), new byte[1]));
        isRefused(() -> scan(ArchiveFormat.TAR, named), ErrorCode.TOO_LARGE, "limit max-name-bytes");
    }

    @Test
    void theFirstOfEqualNamesCounts() {
        byte[] one = ArchiveFixture.archive(ArchiveFormat.TAR, Map.of("a", new byte[] {1}));
        byte[] two = ArchiveFixture.archive(ArchiveFormat.TAR, Map.of("a", new byte[] {2, 2}));
        byte[] both = Arrays.copyOf(one, 1024 + two.length);
        System.arraycopy(two, 0, both, 1024, two.length);
        MemberIndex index = ArchiveFixture.index(ArchiveFormat.TAR, both);
        assertThat(index.count()).isEqualTo(1);
        assertThat(Objects.requireNonNull(index.find("a")).size()).isEqualTo(1);
    }

    @Test
    void formatsAreKnownByNameHintAndMagic() {
        assertThat(ArchiveFormat.ofName("a/B.TAR.GZ")).isEqualTo(ArchiveFormat.TGZ);
        assertThat(ArchiveFormat.ofName("a.tar.lz4")).isEqualTo(ArchiveFormat.TAR_LZ4);
        assertThat(ArchiveFormat.ofName("a.rar")).isNull();
        assertThat(ArchiveFormat.ofHint("application/x-tar")).isEqualTo(ArchiveFormat.TAR);
        assertThat(ArchiveFormat.ofHint("application/gzip")).isEqualTo(ArchiveFormat.TGZ);
        isRefused(() -> ArchiveFormat.ofHint(".rar"), ErrorCode.INVALID_ARGUMENT, "unknown archive format \".rar\"");
        for (ArchiveFormat format : ArchiveFormat.values()) {
            byte[] archive = ArchiveFixture.archive(format, Map.of("a", new byte[10]));
            assertThat(ArchiveFormat.detect(ByteBuffer.wrap(archive))).isEqualTo(format);
        }
        assertThat(ArchiveFormat.detect(ByteBuffer.wrap(new byte[600]))).isNull();
    }

    @Test
    void selectionsAreAsAistoreHasThem() {
        List<String> names = List.of("a/1.jpg", "a/1.cls", "b/1.jpg", "b.d/2");
        assertThat(names.stream().filter(MemberSelection.of("a/", "prefix"))).containsExactly("a/1.jpg", "a/1.cls");
        assertThat(names.stream().filter(MemberSelection.of("a/", ""))).hasSize(2);
        assertThat(names.stream().filter(MemberSelection.of("*", "prefix"))).hasSize(4);
        assertThat(names.stream().filter(MemberSelection.of("", "suffix"))).hasSize(4);
        assertThat(names.stream().filter(MemberSelection.of(".jpg", "suffix"))).containsExactly("a/1.jpg", "b/1.jpg");
        assertThat(names.stream().filter(MemberSelection.of("1.", "substr"))).hasSize(3);
        assertThat(names.stream().filter(MemberSelection.of("^b.*\\d$", "regexp")))
                .containsExactly("b.d/2");
        assertThat(names.stream().filter(MemberSelection.of("/a/1", "wdskey"))).containsExactly("a/1.jpg", "a/1.cls");
        assertThat(names.stream().filter(MemberSelection.of("b.d/2", "wdskey"))).containsExactly("b.d/2");
        isRefused(() -> MemberSelection.of("(", "regexp"), ErrorCode.INVALID_ARGUMENT, "invalid regular expression");
        isRefused(() -> MemberSelection.of("a", "glob"), ErrorCode.INVALID_ARGUMENT, "unknown matching mode \"glob\"");
    }
}
