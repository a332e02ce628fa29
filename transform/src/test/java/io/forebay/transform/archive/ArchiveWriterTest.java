package io.forebay.transform.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.Archives.File;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.tar.TarFraming;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ArchiveWriterTest {
    private static ArchiveWriter writer(ArchiveFormat format) {
        return ArchiveWriter.open(format, bytes -> bytes.position(bytes.limit()));
    }

    @ParameterizedTest
    @EnumSource
    void membersHaveTheSizeThatWasSaid(ArchiveFormat format) {
        try (ArchiveWriter writer = writer(format)) {
            writer.begin("a", 5, 0);
            writer.write(ByteBuffer.allocate(3));
            assertThatThrownBy(writer::end)
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INCOMPLETE_BODY))
                    .hasMessage("the member \"a\" has 3 bytes of 5");
            assertThatThrownBy(() -> writer.write(ByteBuffer.allocate(3)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                    .hasMessage("the member \"a\" has more than 5 bytes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesThatNoArchiveCanHaveAreRefused(ArchiveFormat format) {
        try (ArchiveWriter writer = writer(format)) {
            for (String name : List.of("", "a\0b", "n".repeat(70_000))) {
                assertThatThrownBy(() -> writer.begin(name, 0, 0)).isInstanceOf(StoreException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void placeholdersOfBatchesCanBeReadTwice(ArchiveFormat format) {
        List<File> files = List.of(new File("__404__/b/o", new byte[0]), new File("__404__/b/o", new byte[0]));
        assertThat(Archives.read(format, Archives.write(format, files))).isEqualTo(files);
    }

    /// Another node that goes on with an archive reads the same bytes in other pieces.
    @ParameterizedTest
    @EnumSource
    void theBytesAreTheSameWhateverThePiecesAre(ArchiveFormat format) {
        Random random = new Random(7);
        byte[] packable = new byte[400_000];
        for (int index = 0; index < packable.length; index++) {
            packable[index] = (byte) ("some text of many words".charAt(index % 23) + random.nextInt(3));
        }
        byte[] whole = inPieces(format, packable, () -> packable.length);
        assertThat(inPieces(format, packable, () -> 1 + random.nextInt(700))).isEqualTo(whole);
        assertThat(inPieces(format, packable, () -> 1 + random.nextInt(90_000))).isEqualTo(whole);
    }

    private static byte[] inPieces(ArchiveFormat format, byte[] content, IntSupplier pieceBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ArchiveWriter writer = ArchiveWriter.open(format, ArchiveSink.of(Channels.newChannel(out)))) {
            for (String name : List.of("a", "b")) {
                writer.begin(name, content.length, 1_700_000_000_000L);
                for (int at = 0; at < content.length; ) {
                    int length = Math.min(pieceBytes.getAsInt(), content.length - at);
                    writer.write(ByteBuffer.wrap(content, at, length));
                    at += length;
                }
                writer.end();
            }
            writer.finish();
        }
        return out.toByteArray();
    }

    @Test
    void tarCanBeFramedAroundBodiesThatGoAnotherWay() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] body = new byte[700];
        put(out, TarFraming.header("a", body.length, 1_700_000_000_000L));
        out.writeBytes(body);
        put(out, TarFraming.padding(body.length));
        put(out, TarFraming.end());
        assertThat(out.toByteArray()).isEqualTo(Archives.write(ArchiveFormat.TAR, List.of(new File("a", body))));
    }

    private static void put(ByteArrayOutputStream out, ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            out.write(bytes.get());
        }
    }
}
