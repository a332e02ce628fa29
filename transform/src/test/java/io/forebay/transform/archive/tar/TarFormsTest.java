package io.forebay.transform.archive.tar;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.Archives;
import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.MemberBytes;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms that entries of a tar can have.
final class TarFormsTest {
    private static final byte[] ABC = {'a', 'b', 'c'};

    private static List<String> names(byte[] tar) {
        return Archives.read(ArchiveFormat.TAR, tar).stream().map(File::name).toList();
    }

    @Test
    void onlyRegularFilesAreMembers() {
        byte[] tar = new TarBlocks()
                .header("dir/", 0, '5', "")
                .header("hard", 0, '1', "")
                .header("soft", 0, '2', "")
                .header("fifo", 0, '6', "")
                .header("old dir/", 0, '\0', "")
                .header("unknown", 3, 'Z', "")
                .data(ABC)
                .header("old", 3, '\0', "")
                .data(ABC)
                .header("contiguous", 3, '7', "")
                .data(ABC)
                .header("plain", 3, '0', "")
                .data(ABC)
                .bytes();
        assertThat(names(tar)).containsExactly("old", "contiguous", "plain");
    }

    @Test
    void linksHaveNoDataWhateverTheirSizeSays() {
        byte[] tar = new TarBlocks()
                .header("hard", 4711, '1', "")
                .header("plain", 3, '0', "")
                .data(ABC)
                .bytes();
        assertThat(names(tar)).containsExactly("plain");
    }

    @Test
    void prefixIsPartOfTheNameInThePosixFormOnly() {
        byte[] gnu = TarBlocks.block("name", 0, '0');
        TarBlocks.put(gnu, 257, "ustar  \0");
        TarBlocks.put(gnu, 345, "12345678901");
        byte[] tar = new TarBlocks()
                .header("name", 0, '0', "a/long/prefix")
                .header(gnu)
                .bytes();
        assertThat(names(tar)).containsExactly("a/long/prefix/name", "name");
    }

    @Test
    void longNamesOfGnuAreRead() {
        String name = "directory/".repeat(30) + "file";
        byte[] body = (name + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBlocks()
                .header("././@LongLink", body.length, 'L', "")
                .data(body)
                .header("././@LongLink", body.length, 'K', "")
                .data(body)
                .header(name.substring(0, 99), 3, '0', "")
                .data(ABC)
                .header("next", 3, '0', "")
                .data(ABC)
                .bytes();
        assertThat(names(tar)).containsExactly(name, "next");
    }

    @Test
    void sizesInBase256AreRead() {
        byte[] block = TarBlocks.block("big", 0, '0');
        Arrays.fill(block, 124, 136, (byte) 0);
        ByteBuffer.wrap(block).put(124, (byte) 0x80).putLong(128, 10L << 30);
        TarMachine machine = new TarMachine(new Bounds(Archives.LIMITS));
        byte[] tar = new TarBlocks().header(block).open();
        assertThat(machine.take(ByteBuffer.wrap(tar), 0, 0)).isEqualTo(TarMachine.Step.ENTRY);
        assertThat(machine.entry().size()).isEqualTo(10L << 30);
    }

    @Test
    void ourHeadersOfLargeOldAndOddlyNamedFilesSayWhatTheyAre() {
        for (String name : List.of("short", "n".repeat(100), "n".repeat(101), "ü", "😀".repeat(50))) {
            for (long size : new long[] {0, 511, (1L << 33) - 1, 1L << 33, 1L << 50}) {
                for (long seconds : new long[] {0, 1_700_000_000, -5, 1L << 34}) {
                    assertThat(parsed(TarFraming.header(name, size, seconds * 1000)))
                            .satisfies(entry -> {
                                assertThat(entry.name()).isEqualTo(name);
                                assertThat(entry.size()).isEqualTo(size);
                                assertThat(entry.modifiedMillis()).isEqualTo(seconds * 1000);
                                assertThat(entry.blockBytes() % 512).isZero();
                            });
                }
            }
        }
    }

    private static TarEntry parsed(ByteBuffer header) {
        TarMachine machine = new TarMachine(new Bounds(Archives.LIMITS));
        TarMachine.Step step = TarMachine.Step.MORE;
        for (int at = 0; at < header.limit(); at += 512) {
            assertThat(step).isEqualTo(TarMachine.Step.MORE);
            step = machine.take(header, at, at);
        }
        assertThat(step).isEqualTo(TarMachine.Step.ENTRY);
        return machine.entry();
    }

    @Test
    void extendedRecordsOverrideAndGlobalOnesHoldUntilThen() {
        byte[] global = TarBlocks.records("mtime", "1000.5", "comment", "anything");
        byte[] local = TarBlocks.records("mtime", "-1.25", "path", "other", "size", "3", "SCHILY.xattr.a", "\0\n=");
        byte[] tar = new TarBlocks()
                .header("global", global.length, 'g', "")
                .data(global)
                .header("a", 3, '0', "")
                .data(ABC)
                .header("pax", local.length, 'x', "")
                .data(local)
                .header("b", 0, '0', "")
                .data(ABC)
                .header("c", 3, '0', "")
                .data(ABC)
                .bytes();
        assertThat(Archives.read(ArchiveFormat.TAR, tar))
                .containsExactly(
                        new File("a", ABC, 1_000_500), new File("other", ABC, -1250), new File("c", ABC, 1_000_500));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gnu", "0.0", "0.1", "1.0"})
    void sparseFilesAreReadWithTheirHoles(String form) {
        byte[] first = "first".getBytes(StandardCharsets.US_ASCII);
        byte[] second = new byte[1300];
        new Random(7).nextBytes(second);
        byte[] whole = new byte[300_000];
        System.arraycopy(first, 0, whole, 1000, first.length);
        System.arraycopy(second, 0, whole, 200_000, second.length);
        byte[] stored = new byte[first.length + second.length];
        System.arraycopy(first, 0, stored, 0, first.length);
        System.arraycopy(second, 0, stored, first.length, second.length);
        byte[] tar = sparse(form, stored, first.length, second.length);
        for (ArchiveFormat format : List.of(ArchiveFormat.TAR, ArchiveFormat.TGZ, ArchiveFormat.TAR_LZ4)) {
            byte[] archive = Archives.pack(format, tar);
            List<File> read = Archives.read(format, archive);
            assertThat(read).extracting(File::name).containsExactly("sparse", "next");
            assertThat(read.getFirst().content()).isEqualTo(whole);
            Member member =
                    Objects.requireNonNull(Archives.opened(format, archive).find("sparse"));
            assertThat(member.location()).isInstanceOf(Location.Sparse.class);
            assertThat(member.size()).isEqualTo(whole.length);
            try (ByteSource part =
                    MemberBytes.open(format, Archives.bytes(archive), member, Archives.LIMITS, 1003, 199_000)) {
                assertThat(Archives.all(part)).isEqualTo(Arrays.copyOfRange(whole, 1003, 200_003));
            }
        }
    }

    private static byte[] sparse(String form, byte[] stored, int firstBytes, int secondBytes) {
        TarBlocks tar = new TarBlocks();
        String[] numbers = {"1000", "" + firstBytes, "200000", "" + secondBytes, "300000", "0"};
        switch (form) {
            case "gnu" -> gnuSparse(tar, stored, numbers);
            case "0.0" -> {
                byte[] records = TarBlocks.records(
                        "GNU.sparse.size",
                        "300000",
                        "GNU.sparse.numblocks",
                        "3",
                        "GNU.sparse.offset",
                        numbers[0],
                        "GNU.sparse.numbytes",
                        numbers[1],
                        "GNU.sparse.offset",
                        numbers[2],
                        "GNU.sparse.numbytes",
                        numbers[3],
                        "GNU.sparse.offset",
                        numbers[4],
                        "GNU.sparse.numbytes",
                        numbers[5]);
                paxSparse(tar, records, "sparse", stored, new byte[0]);
            }
            case "0.1" -> {
                byte[] records = TarBlocks.records(
                        "GNU.sparse.size",
                        "300000",
                        "GNU.sparse.numblocks",
                        "3",
                        "GNU.sparse.name",
                        "sparse",
                        "GNU.sparse.map",
                        String.join(",", numbers));
                paxSparse(tar, records, "GNUSparseFile.1/sparse", stored, new byte[0]);
            }
            default -> {
                byte[] records = TarBlocks.records(
                        "GNU.sparse.major",
                        "1",
                        "GNU.sparse.minor",
                        "0",
                        "GNU.sparse.name",
                        "sparse",
                        "GNU.sparse.realsize",
                        "300000");
                String map = "3\n" + String.join("\n", numbers) + "\n";
                byte[] mapBlock = Arrays.copyOf(map.getBytes(StandardCharsets.US_ASCII), 512);
                paxSparse(tar, records, "GNUSparseFile.1/sparse", stored, mapBlock);
            }
        }
        return tar.header("next", 3, '0', "").data(ABC).bytes();
    }

    private static void paxSparse(TarBlocks tar, byte[] records, String name, byte[] stored, byte[] map) {
        byte[] body = Arrays.copyOf(map, map.length + stored.length);
        System.arraycopy(stored, 0, body, map.length, stored.length);
        tar.header("pax", records.length, 'x', "")
                .data(records)
                .header(name, body.length, '0', "")
                .data(body);
    }

    /// With five pieces, of which one is in a block of its own behind the header.
    private static void gnuSparse(TarBlocks tar, byte[] stored, String[] numbers) {
        byte[] block = TarBlocks.block("sparse", stored.length, 'S');
        TarBlocks.put(block, 257, "ustar  \0");
        String[] pieces = {numbers[0], "2", "1002", "1", "1003", "" + (Integer.parseInt(numbers[1]) - 3), "1500", "0"};
        for (int index = 0; index < pieces.length; index++) {
            TarBlocks.put(block, 386 + 12 * index, String.format("%011o", Long.parseLong(pieces[index])));
        }
        block[482] = 1;
        TarBlocks.put(block, 483, String.format("%011o", 300_000));
        byte[] more = new byte[512];
        for (int index = 2; index < numbers.length; index++) {
            TarBlocks.put(more, 12 * (index - 2), String.format("%011o", Long.parseLong(numbers[index])));
        }
        tar.header(block).data(more).data(stored);
    }

    @Test
    void archiveMayEndWithoutItsEndAndWithOneZeroBlock() {
        TarBlocks tar = new TarBlocks().header("a", 3, '0', "").data(ABC);
        assertThat(names(tar.open())).containsExactly("a");
        byte[] open = tar.open();
        assertThat(names(Arrays.copyOf(open, open.length + 512))).containsExactly("a");
        assertThat(names(Arrays.copyOf(open, open.length + 10_240))).containsExactly("a");
        assertThat(names(new byte[0])).isEmpty();
        assertThat(names(new byte[10_240])).isEmpty();
    }

    @Test
    void whatFollowsTheEndIsNotRead() {
        byte[] tar = new TarBlocks()
                .header("a", 3, '0', "")
                .data(ABC)
                .data(new byte[1024])
                .header("behind", 3, '0', "")
                .data(ABC)
                .bytes();
        assertThat(names(tar)).containsExactly("a");
    }

    @Test
    void namesThatAreNotUtf8CanBeAskedFor() {
        byte[] block = TarBlocks.block("x", 0, '0');
        block[0] = (byte) 0xE9;
        block[1] = 't';
        block[2] = (byte) 0xE9;
        assertThat(names(new TarBlocks().header(block).bytes())).containsExactly("été");
    }
}
