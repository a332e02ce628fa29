package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Random archives between this module and Commons Compress, in both directions.
final class OtherProgramsTest {
    private static final int ITERATIONS = 8;

    @ParameterizedTest
    @EnumSource
    void whatWeWriteIsReadByCommonsCompress(ArchiveFormat format) throws IOException {
        for (int seed = 0; seed < ITERATIONS; seed++) {
            List<File> files = Archives.random(new Random(seed), 20);
            byte[] archive = Archives.write(format, files);
            assertThat(format == ArchiveFormat.ZIP ? zip(archive) : tar(unpacked(format, archive)))
                    .as("seed %s", seed)
                    .isEqualTo(files);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatCommonsCompressWritesIsReadByUs(ArchiveFormat format) throws IOException {
        for (int seed = 0; seed < ITERATIONS; seed++) {
            Random random = new Random(seed);
            List<File> files = Archives.random(random, 20);
            byte[] archive = format == ArchiveFormat.ZIP
                    ? zip(files, random, random.nextBoolean() ? Zip64Mode.Always : Zip64Mode.AsNeeded)
                    : tar(format, files, random);
            assertThat(Archives.read(format, archive)).as("seed %s", seed).isEqualTo(files);
            assertThat(Archives.index(format, archive, random, 5000))
                    .as("seed %s", seed)
                    .isNotNull();
        }
    }

    @Test
    void zipOfMoreMembersThanItsShortCountHoldsIsWrittenAndRead() throws IOException {
        List<File> files = new ArrayList<>();
        for (int number = 0; number < 70_000; number++) {
            files.add(new File("n" + number, new byte[number % 3]));
        }
        byte[] archive = Archives.write(ArchiveFormat.ZIP, files);
        assertThat(Archives.members(ArchiveFormat.ZIP, archive)).hasSize(70_000);
        try (ZipFile zip = open(archive)) {
            assertThat(zip.getEntries().hasMoreElements()).isTrue();
            assertThat(zip.getEntry("n69999").getSize()).isEqualTo(69_999 % 3);
        }
    }

    private static InputStream unpacked(ArchiveFormat format, byte[] archive) throws IOException {
        InputStream in = new ByteArrayInputStream(archive);
        return switch (format) {
            case TGZ -> new GzipCompressorInputStream(in);
            case TAR_LZ4 -> new FramedLZ4CompressorInputStream(in);
            case TAR, ZIP -> in;
        };
    }

    private static List<File> tar(InputStream in) throws IOException {
        List<File> files = new ArrayList<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.add(new File(
                        entry.getName(),
                        tar.readAllBytes(),
                        entry.getLastModifiedTime().toMillis()));
            }
        }
        return files;
    }

    private static byte[] tar(ArchiveFormat format, List<File> files, Random random) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        OutputStream packed = switch (format) {
            case TGZ -> new GzipCompressorOutputStream(out);
            case TAR_LZ4 -> new FramedLZ4CompressorOutputStream(out);
            case TAR, ZIP -> out;
        };
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(packed, "UTF-8")) {
            boolean isPosix = random.nextBoolean();
            tar.setLongFileMode(isPosix ? TarArchiveOutputStream.LONGFILE_POSIX : TarArchiveOutputStream.LONGFILE_GNU);
            tar.setBigNumberMode(
                    isPosix ? TarArchiveOutputStream.BIGNUMBER_POSIX : TarArchiveOutputStream.BIGNUMBER_STAR);
            tar.setAddPaxHeadersForNonAsciiNames(isPosix);
            for (File file : files) {
                TarArchiveEntry directory = new TarArchiveEntry("directory/");
                tar.putArchiveEntry(directory);
                tar.closeArchiveEntry();
                TarArchiveEntry entry = new TarArchiveEntry(file.name());
                entry.setSize(file.content().length);
                entry.setModTime(file.modifiedMillis());
                tar.putArchiveEntry(entry);
                tar.write(file.content());
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    private static ZipFile open(byte[] archive) throws IOException {
        return ZipFile.builder()
                .setSeekableByteChannel(new SeekableInMemoryByteChannel(archive))
                .get();
    }

    private static List<File> zip(byte[] archive) throws IOException {
        List<File> files = new ArrayList<>();
        try (ZipFile zip = open(archive)) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                try (InputStream in = zip.getInputStream(entry)) {
                    files.add(new File(
                            entry.getName(),
                            in.readAllBytes(),
                            entry.getLastModifiedTime().toMillis()));
                }
            }
        }
        return files;
    }

    private static byte[] zip(List<File> files, Random random, Zip64Mode mode) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(out)) {
            zip.setUseZip64(mode);
            for (File file : files) {
                zip.putArchiveEntry(new ZipArchiveEntry("directory/"));
                zip.closeArchiveEntry();
                ZipArchiveEntry entry = new ZipArchiveEntry(file.name());
                entry.setLastModifiedTime(FileTime.fromMillis(file.modifiedMillis()));
                entry.setSize(file.content().length);
                if (random.nextBoolean()) {
                    CRC32 crc = new CRC32();
                    crc.update(file.content());
                    entry.setMethod(ZipArchiveEntry.STORED);
                    entry.setCrc(crc.getValue());
                }
                zip.putArchiveEntry(entry);
                zip.write(file.content());
                zip.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }
}
