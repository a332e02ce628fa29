package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.tar.TarBlocks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ArchiveAppendTest {
    private static final File NEW = new File("the/new one", "content".getBytes(StandardCharsets.US_ASCII));

    static byte[] append(ArchiveFormat format, byte[] archive, File file) {
        ArchiveAppend append = ArchiveAppend.to(format, Archives.bytes(archive), Archives.LIMITS);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(archive, 0, (int) append.keptBytes());
        append.write(
                file.name(),
                file.content().length,
                file.modifiedMillis(),
                Archives.source(file.content()),
                ArchiveSink.of(Channels.newChannel(out)));
        return out.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void membersAreAddedBehindThoseBefore(ArchiveFormat format) {
        Random random = new Random(3);
        byte[] archive = Archives.write(format, List.of());
        List<File> files = new ArrayList<>();
        for (File file : Archives.random(random, 12)) {
            archive = append(format, archive, file);
            files.add(file);
            assertThat(Archives.read(format, archive)).isEqualTo(files);
        }
    }

    @Test
    void tarIsExtendedByItsIndexWithoutBeingRead() {
        Random random = new Random(4);
        byte[] archive = Arrays.copyOf(Archives.write(ArchiveFormat.TAR, Archives.random(random, 9)), 1 << 20);
        byte[] index = Archives.all(MemberIndexer.index(ArchiveFormat.TAR, Archives.bytes(archive), Archives.LIMITS));
        List<File> added = new ArrayList<>(Archives.random(random, 12));
        added.add(NEW);
        for (File file : added) {
            MemberIndex before = MemberIndex.open(Archives.bytes(index));
            ArchiveAppend append = ArchiveAppend.to(before, Archives.bytes(archive), Archives.LIMITS);
            assertThat(append.keptBytes()).isEqualTo(before.endAt());
            archive = append(ArchiveFormat.TAR, archive, file);
            index = Archives.all(Objects.requireNonNull(
                    append.index(before, file.name(), file.content().length, file.modifiedMillis())));
            assertThat(index)
                    .isEqualTo(Archives.all(
                            MemberIndexer.index(ArchiveFormat.TAR, Archives.bytes(archive), Archives.LIMITS)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void indexOfOtherBytesIsNotTrusted(ArchiveFormat format) {
        byte[] archive = Archives.write(format, List.of(NEW));
        MemberIndex other = Archives.opened(format, Archives.write(format, List.of(NEW, NEW)));
        assertThat(ArchiveAppend.to(other, Archives.bytes(archive), Archives.LIMITS)
                        .keptBytes())
                .isEqualTo(ArchiveAppend.to(format, Archives.bytes(archive), Archives.LIMITS)
                        .keptBytes());
    }

    @ParameterizedTest
    @EnumSource
    void ofEqualNamesTheFirstStillCounts(ArchiveFormat format) {
        byte[] archive = append(format, Archives.write(format, List.of(new File(NEW.name(), new byte[5]))), NEW);
        assertThat(Archives.read(format, archive)).hasSize(2);
        assertThat(Archives.opened(format, archive).find(NEW.name()))
                .satisfies(member -> assertThat(member.size()).isEqualTo(5));
    }

    @ParameterizedTest
    @EnumSource
    void namesThatReadersRefuseAreNotAdded(ArchiveFormat format) {
        byte[] archive = Archives.write(format, List.of(NEW));
        assertThatThrownBy(() -> append(format, archive, new File("../x", new byte[1])))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @EnumSource
    void contentThatIsTooShortIsRefused(ArchiveFormat format) {
        byte[] archive = Archives.write(format, List.of(NEW));
        ArchiveAppend append = ArchiveAppend.to(format, Archives.bytes(archive), Archives.LIMITS);
        assertThatThrownBy(() ->
                        append.write("x", 5, 0, Archives.source(new byte[4]), bytes -> bytes.position(bytes.limit())))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_BODY));
    }

    @Test
    void tarKeepsItsMembersWhereTheyAre() {
        byte[] open = new TarBlocks()
                .header("a", 3, '0', "")
                .data(new byte[3])
                .header("dir/", 0, '5', "")
                .open();
        for (int zeros : new int[] {0, 512, 1024, 10_240}) {
            byte[] tar = Arrays.copyOf(open, open.length + zeros);
            ArchiveAppend append = ArchiveAppend.to(ArchiveFormat.TAR, Archives.bytes(tar), Archives.LIMITS);
            assertThat(append.keptBytes()).as("%s zeros", zeros).isEqualTo(open.length);
            assertThat(append(ArchiveFormat.TAR, tar, NEW)).startsWith(open);
        }
    }

    @Test
    void tarWithSomethingBehindItsEndIsWrittenAnew() {
        byte[] open = new TarBlocks()
                .header("a", 3, '0', "")
                .data(new byte[3])
                .header("dir/", 0, '5', "")
                .open();
        for (int zeros : new int[] {512, 1024, 10_240}) {
            byte[] tar = Arrays.copyOf(open, open.length + zeros + 512);
            tar[tar.length - 1] = 1;
            ArchiveAppend append = ArchiveAppend.to(ArchiveFormat.TAR, Archives.bytes(tar), Archives.LIMITS);
            assertThat(append.keptBytes()).isZero();
            byte[] longer = append(ArchiveFormat.TAR, tar, NEW);
            assertThat(longer).startsWith(open);
            assertThat(Archives.read(ArchiveFormat.TAR, longer))
                    .extracting(File::name)
                    .containsExactly("a", NEW.name());
        }
    }

    @Test
    void zipKeepsItsMembersCommentAndWhatWasPutInFront() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("#!/bin/sh\nexit\n".getBytes(StandardCharsets.US_ASCII));
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setComment("a comment");
            zip.putNextEntry(new ZipEntry("dir/"));
            zip.putNextEntry(new ZipEntry("a"));
            zip.write(new byte[1000]);
        }
        byte[] zip = out.toByteArray();
        ArchiveAppend append = ArchiveAppend.to(ArchiveFormat.ZIP, Archives.bytes(zip), Archives.LIMITS);
        assertThat(append.keptBytes()).isBetween(20L, (long) zip.length - 60);
        byte[] longer = append(ArchiveFormat.ZIP, zip, NEW);
        assertThat(longer).startsWith(Arrays.copyOf(zip, (int) append.keptBytes()));
        assertThat(new String(longer, StandardCharsets.ISO_8859_1)).endsWith("a comment");
        assertThat(Archives.read(ArchiveFormat.ZIP, longer))
                .extracting(File::name)
                .containsExactly("a", NEW.name());
    }

    @ParameterizedTest
    @EnumSource
    void archiveThatIsRefusedIsNotExtended(ArchiveFormat format) {
        byte[] archive = Archives.write(format, List.of(new File("a", new byte[3000])));
        byte[] cut = Arrays.copyOf(archive, format == ArchiveFormat.TAR ? 1000 : archive.length - 20);
        if (format == ArchiveFormat.TAR_LZ4) {
            cut = Arrays.copyOf(archive, 20);
        }
        byte[] broken = cut;
        assertThatThrownBy(() -> append(format, broken, NEW)).isInstanceOf(StoreException.class);
    }
}
