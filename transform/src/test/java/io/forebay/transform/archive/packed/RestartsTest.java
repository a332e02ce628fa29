package io.forebay.transform.archive.packed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.Archives;
import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.MemberBytes;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.junit.jupiter.api.Test;

/// Where unpacking can begin in the middle, in the forms that other programs write.
final class RestartsTest {
    private static final List<File> FILES = files();
    private static final byte[] TAR = Archives.write(ArchiveFormat.TAR, FILES);

    private static List<File> files() {
        Random random = new Random(11);
        List<File> files = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            byte[] content = new byte[random.nextInt(40_000)];
            random.nextBytes(content);
            Arrays.fill(content, 0, content.length / 2, (byte) number);
            files.add(new File("file " + number, content));
        }
        return files;
    }

    /// Checks that every member is read through the index, and returns from how many places.
    private static long restarts(ArchiveFormat format, byte[] archive) {
        assertThat(Archives.read(format, archive)).isEqualTo(FILES);
        byte[] pieces = Objects.requireNonNull(Archives.index(format, archive, new Random(3), 10_000));
        MemberIndex index = MemberIndex.open(Archives.bytes(pieces));
        for (File file : FILES) {
            Member member = Objects.requireNonNull(index.find(file.name()));
            try (ByteSource source = MemberBytes.open(format, Archives.bytes(archive), member, Archives.LIMITS)) {
                assertThat(Archives.all(source)).isEqualTo(file.content());
            }
        }
        return Archives.members(format, archive).stream()
                .map(member -> ((Location.Packed) member.location()).restart())
                .distinct()
                .count();
    }

    private static byte[] gzip(byte[] bytes, int from, int to) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes, from, to - from);
        }
        return out.toByteArray();
    }

    private static byte[] lz4(FramedLZ4CompressorOutputStream.Parameters parameters, byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FramedLZ4CompressorOutputStream lz4 = new FramedLZ4CompressorOutputStream(out, parameters)) {
            lz4.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void gzipOfOneMemberIsReadFromItsBeginning() throws IOException {
        assertThat(restarts(ArchiveFormat.TGZ, gzip(TAR, 0, TAR.length))).isEqualTo(1);
    }

    @Test
    void gzipOfSeveralMembersIsReadFromTheNearest() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < TAR.length; at += 50_001) {
            out.writeBytes(gzip(TAR, at, Math.min(TAR.length, at + 50_001)));
        }
        out.writeBytes(new byte[700]);
        assertThat(restarts(ArchiveFormat.TGZ, out.toByteArray())).isGreaterThan(15);
    }

    @Test
    void gzipHeadersMayHaveEverything() throws IOException {
        byte[] plain = gzip(TAR, 0, TAR.length);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] head = Arrays.copyOf(plain, 10);
        head[3] = 2 + 4 + 8 + 16;
        out.writeBytes(head);
        out.writeBytes(new byte[] {3, 0, 'x', 'y', 'z', 'n', 'a', 'm', 'e', 0, 'c', 0, 1, 2});
        out.write(plain, 10, plain.length - 10);
        assertThat(restarts(ArchiveFormat.TGZ, out.toByteArray())).isEqualTo(1);
    }

    @Test
    void gzipWithoutItsChecksumIsRefused() throws IOException {
        byte[] archive = gzip(new byte[3000], 0, 3000);
        archive[archive.length - 5] ^= 1;
        try (Unpacker unpacker = new GzipUnpacker(new Bounds(Archives.LIMITS))) {
            assertThatThrownBy(() -> unpacker.unpack(ByteBuffer.wrap(archive), ByteBuffer.allocate(4000)))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("does not have its checksum");
        }
    }

    @Test
    void lz4OfIndependentBlocksIsReadFromTheNearest() throws IOException {
        FramedLZ4CompressorOutputStream.Parameters parameters = new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64, true, true, false);
        assertThat(restarts(ArchiveFormat.TAR_LZ4, lz4(parameters, TAR))).isGreaterThan(10);
        assertThat(restarts(ArchiveFormat.TAR_LZ4, Archives.pack(ArchiveFormat.TAR_LZ4, TAR)))
                .isGreaterThan(3);
    }

    @Test
    void lz4OfLinkedBlocksIsReadFromTheBeginningOfItsFrame() throws IOException {
        FramedLZ4CompressorOutputStream.Parameters parameters = new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64,
                true,
                true,
                true,
                BlockLZ4CompressorOutputStream.createParameterBuilder().build());
        assertThat(restarts(ArchiveFormat.TAR_LZ4, lz4(parameters, TAR))).isEqualTo(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < TAR.length; at += 200_000) {
            // What may be skipped is between the frames.
            out.writeBytes(lz4(parameters, Arrays.copyOfRange(TAR, at, Math.min(TAR.length, at + 200_000))));
            out.writeBytes(new byte[] {0x55, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1, 2});
            out.writeBytes(new byte[] {0x50, 0x2A, 0x4D, 0x18, 0, 0, 0, 0});
        }
        assertThat(restarts(ArchiveFormat.TAR_LZ4, out.toByteArray())).isGreaterThan(4);
    }

    @Test
    void lz4BlockThatIsBrokenIsRefused() throws IOException {
        FramedLZ4CompressorOutputStream.Parameters parameters = new FramedLZ4CompressorOutputStream.Parameters(
                FramedLZ4CompressorOutputStream.BlockSize.K64, true, true, false);
        byte[] archive = lz4(parameters, TAR);
        archive[5000] ^= 1;
        assertThatThrownBy(() -> Archives.read(ArchiveFormat.TAR_LZ4, archive))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not have its checksum");
    }
}
