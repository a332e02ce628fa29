package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.tar.TarBlocks;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Archives that were made to do harm: each is refused with words by whoever reads it, and has no index.
final class HostileArchivesTest {
    private static final ArchiveLimits LIMITS = Archives.LIMITS;

    private static void refused(ArchiveFormat format, byte[] archive, ErrorCode code, String words) {
        refused(format, archive, LIMITS, code, words);
    }

    private static void refused(
            ArchiveFormat format, byte[] archive, ArchiveLimits limits, ErrorCode code, String words) {
        assertThatThrownBy(() -> Archives.read(format, archive, limits))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(words);
        try (MemberIndexer indexer = new MemberIndexer(format, limits)) {
            Archives.feed(indexer, archive, new Random(1), 1000);
            assertThat(indexer.finish(Archives.bytes(archive))).isNull();
            StoreException failure = Objects.requireNonNull(indexer.failure());
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(words);
        }
    }

    private static byte[] one(ArchiveFormat format, String name, int size) {
        return Archives.write(format, List.of(new File(name, new byte[size])));
    }

    @ParameterizedTest
    @EnumSource
    void namesThatLeadOutAreRefused(ArchiveFormat format) {
        refused(format, one(format, "a/../../b", 3), ErrorCode.INVALID_ARGUMENT, "leads out of its folder");
        refused(format, one(format, "..", 3), ErrorCode.INVALID_ARGUMENT, "leads out of its folder");
        refused(format, one(format, "a\\..\\b", 3), ErrorCode.INVALID_ARGUMENT, "leads out of its folder");
        refused(format, one(format, "//etc/passwd", 3), ErrorCode.INVALID_ARGUMENT, "has an absolute name");
        assertThat(Archives.read(format, one(format, "/etc/pass..wd", 3)))
                .extracting(File::name)
                .containsExactly("etc/pass..wd");
    }

    @ParameterizedTest
    @EnumSource
    void namesAreBounded(ArchiveFormat format) {
        String name = "n".repeat(5000);
        refused(format, one(format, name, 3), ErrorCode.TOO_LARGE, "(max-name)");
    }

    @ParameterizedTest
    @EnumSource
    void membersAreBounded(ArchiveFormat format) {
        byte[] archive = Archives.write(
                format, List.of(new File("a", new byte[1]), new File("b", new byte[1]), new File("c", new byte[1])));
        refused(
                format,
                archive,
                Archives.limits(Map.of("max-members", "2")),
                ErrorCode.TOO_LARGE,
                "more than 2 members (max-members)");
    }

    @ParameterizedTest
    @EnumSource
    void archivesThatAreCutOffAreRefusedWhereverThatIs(ArchiveFormat format) {
        byte[] random = new byte[3000];
        new Random(1).nextBytes(random);
        byte[] archive = Archives.write(format, List.of(new File("a", random), new File("é".repeat(90), random)));
        // A tar without the blocks that end it is one, as for other programs.
        List<Integer> whole = format == ArchiveFormat.TAR ? List.of(0, 3584, 8704, 9216) : List.of(0);
        for (int length = 1; length < archive.length - 512; length += 37) {
            byte[] cut = Arrays.copyOf(archive, length);
            if (whole.contains(length)) {
                continue;
            }
            assertThatThrownBy(() -> Archives.read(format, cut))
                    .as("%s of %s bytes", length, archive.length)
                    .isInstanceOf(StoreException.class);
            assertThat(Archives.index(format, cut, new Random(length), 500))
                    .as("%s of %s bytes", length, archive.length)
                    .isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TGZ", "ZIP", "TAR_LZ4"})
    void bombsAreRefusedByTheirRatioAndByTheirSize(ArchiveFormat format) {
        byte[] archive = one(format, "zeros", 2_000_000);
        assertThat(Archives.read(format, archive)).hasSize(1);
        refused(
                format,
                archive,
                Archives.limits(Map.of("max-expansion", "20", "free-expansion", "1MB")),
                ErrorCode.TOO_LARGE,
                "(max-expansion)");
        refused(format, archive, Archives.limits(Map.of("max-unpacked", "1MB")), ErrorCode.TOO_LARGE, "(max-unpacked)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "L", "g"})
    void extendedHeadersAreBounded(String type) {
        byte[] tar = new TarBlocks()
                .header("long", 2 << 20, type.charAt(0), "")
                .data(new byte[2 << 20])
                .bytes();
        refused(ArchiveFormat.TAR, tar, ErrorCode.TOO_LARGE, "(max-header)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 a=", "xx path=a\n", "99 path=a\n", "8 path=a\n", "9 pathaaa\n", "0 path=a\n"})
    void brokenExtendedRecordsAreRefused(String records) {
        byte[] body = records.getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBlocks()
                .header("pax", body.length, 'x', "")
                .data(body)
                .header("a", 0, '0', "")
                .bytes();
        refused(ArchiveFormat.TAR, tar, ErrorCode.INVALID_ARGUMENT, "record of an extended header");
    }

    @Test
    void nameWithANulIsRefused() {
        byte[] body = "12 path=a\0b\n".getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBlocks()
                .header("pax", body.length, 'x', "")
                .data(body)
                .header("a", 0, '0', "")
                .bytes();
        refused(ArchiveFormat.TAR, tar, ErrorCode.INVALID_ARGUMENT, "has a NUL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"99999999999999999999", "-1", "x"})
    void sizesThatAreNoneAreRefused(String size) {
        String record = "path=a\n";
        String sizeRecord = " size=" + size + "\n";
        byte[] body = ((sizeRecord.length() + 2) + sizeRecord + (record.length() + 2) + " " + record)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBlocks()
                .header("pax", body.length, 'x', "")
                .data(body)
                .header("a", 0, '0', "")
                .bytes();
        assertThatThrownBy(() -> Archives.read(ArchiveFormat.TAR, tar)).isInstanceOf(StoreException.class);
    }

    @Test
    void headersWithFalseSizesAreRefused() {
        byte[] tar = one(ArchiveFormat.TAR, "a", 1000);
        refused(
                ArchiveFormat.TAR,
                new TarBlocks()
                        .header("a", 1L << 40, '0', "")
                        .data(new byte[10])
                        .bytes(),
                ErrorCode.INVALID_ARGUMENT,
                "the archive ends inside a member");
        tar[0] = 'b';
        refused(ArchiveFormat.TAR, tar, ErrorCode.INVALID_ARGUMENT, "not a tar archive");
    }

    @Test
    void brokenHeaderInTheMiddleIsRefusedWithItsPlace() {
        byte[] tar =
                Archives.write(ArchiveFormat.TAR, List.of(new File("a", new byte[10]), new File("b", new byte[10])));
        tar[1024 + 3] = 'x';
        refused(ArchiveFormat.TAR, tar, ErrorCode.INVALID_ARGUMENT, "the header at 1024 does not have its checksum");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\n0\n", "2\n0\n10\n5\n10\n", "1\n90\n20\n", "99999999999\n", "a\n", "1\n\n"})
    void mapsOfSparseFilesThatDoNotFitAreRefused(String map) {
        byte[] block = Arrays.copyOf(map.getBytes(StandardCharsets.US_ASCII), 512);
        byte[] body = TarBlocks.records(
                "GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100", "GNU.sparse.name", "s");
        byte[] tar = new TarBlocks()
                .header("pax", body.length, 'x', "")
                .data(body)
                .header("s", 512 + 20, '0', "")
                .data(block)
                .data(new byte[20])
                .bytes();
        assertThatThrownBy(() -> Archives.read(ArchiveFormat.TAR, tar)).isInstanceOf(StoreException.class);
    }

    @Test
    void sparseFilesCountAsWhatTheyExpandTo() {
        byte[] body = TarBlocks.records(
                "GNU.sparse.size", "1099511627776", "GNU.sparse.offset", "0", "GNU.sparse.numbytes", "1");
        byte[] tar = new TarBlocks()
                .header("pax", body.length, 'x', "")
                .data(body)
                .header("s", 1, '0', "")
                .data(new byte[1])
                .bytes();
        refused(ArchiveFormat.TAR, tar, ErrorCode.TOO_LARGE, "(max-expansion)");
    }

    @Test
    void zipEntriesThatOverlapAreRefused() {
        byte[] zip =
                Archives.write(ArchiveFormat.ZIP, List.of(new File("a", new byte[100]), new File("a", new byte[100])));
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = bytes.getInt(zip.length - 6);
        int second = directory + 46 + 1 + 9;
        assertThat(bytes.getInt(second)).isEqualTo(0x02014b50);
        bytes.putInt(second + 42, 0);
        refused(ArchiveFormat.ZIP, zip, ErrorCode.INVALID_ARGUMENT, "overlaps another one");
    }

    @Test
    void zipWhoseDirectoryNamesAnotherMemberIsRefused() {
        byte[] zip = one(ArchiveFormat.ZIP, "a", 100);
        zip[30] = 'b';
        refused(ArchiveFormat.ZIP, zip, ErrorCode.INVALID_ARGUMENT, "names the member \"a\" where another one is");
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 99, 101, 5000})
    void zipSizesThatAreFalseAreFoundWhileReading(int said) {
        byte[] zip = one(ArchiveFormat.ZIP, "a", 100);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(bytes.getInt(zip.length - 6) + 24, said);
        assertThatThrownBy(() -> Archives.read(ArchiveFormat.ZIP, zip))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("and was said to have " + said);
    }

    @Test
    void zipMemberWithoutItsChecksumGivesNotItsLastBytes() {
        byte[] zip = one(ArchiveFormat.ZIP, "a", 100_000);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(bytes.getInt(zip.length - 6) + 16, 1);
        Member member = Archives.members(ArchiveFormat.ZIP, zip).getFirst();
        try (ByteSource source = MemberBytes.open(ArchiveFormat.ZIP, Archives.bytes(zip), member, LIMITS)) {
            ByteBuffer first = Objects.requireNonNull(source.next());
            assertThat(first.remaining()).isLessThan(100_000);
            assertThatThrownBy(source::next)
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("does not have its checksum");
        }
    }

    @Test
    void encryptedAndOtherwisePackedMembersAreRefused() {
        byte[] zip = one(ArchiveFormat.ZIP, "a", 100);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = bytes.getInt(zip.length - 6);
        bytes.putShort(directory + 10, (short) 12);
        refused(ArchiveFormat.ZIP, zip, ErrorCode.UNSUPPORTED, "is packed by method 12");
        bytes.putShort(directory + 8, (short) 1);
        refused(ArchiveFormat.ZIP, zip, ErrorCode.UNSUPPORTED, "is encrypted");
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNoArchiveIsRefused(ArchiveFormat format) {
        refused(
                format,
                "no archive".repeat(100).getBytes(StandardCharsets.US_ASCII),
                ErrorCode.INVALID_ARGUMENT,
                "not");
        if (format != ArchiveFormat.TAR) {
            assertThatThrownBy(() -> Archives.read(format, new byte[0])).isInstanceOf(StoreException.class);
        }
    }
}
