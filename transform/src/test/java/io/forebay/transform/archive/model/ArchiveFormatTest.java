package io.forebay.transform.archive.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.Archives;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ArchiveFormatTest {
    @ParameterizedTest
    @CsvSource({
        "a.tar,TAR",
        "a/b.tgz,TGZ",
        "a.tar.gz,TGZ",
        "a.zip,ZIP",
        "a.tar.lz4,TAR_LZ4",
        "a.gz,",
        "a.lz4,",
        "tar,",
        "a.TAR,"
    })
    void nameShowsTheFormatByItsExtension(String name, ArchiveFormat format) {
        assertThat(ArchiveFormat.ofName(name)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource({
        "application/x-tar,TAR",
        ".tar,TAR",
        "application/gzip,TGZ",
        "application/x-tgz,TGZ",
        ".tar.gz,TGZ",
        "application/zip,ZIP",
        "application/x-zip-compressed,ZIP",
        "application/x-lz4,TAR_LZ4",
        ".TAR.LZ4,TAR_LZ4"
    })
    void hintShowsTheFormatByWhatIsInIt(String hint, ArchiveFormat format) {
        assertThat(ArchiveFormat.ofHint(hint)).isEqualTo(format);
    }

    @Test
    void hintOfNoFormatIsRefusedWithTheFormats() {
        assertThatThrownBy(() -> ArchiveFormat.ofHint("text/plain"))
                .isInstanceOf(StoreException.class)
                .hasMessage("unknown archive format \"text/plain\" (expecting .tar, .tgz, .tar.gz, .zip or .tar.lz4)");
    }

    @ParameterizedTest
    @EnumSource
    void firstBytesShowTheFormat(ArchiveFormat format) {
        byte[] archive = Archives.write(format, List.of(new Archives.File("a", new byte[600])));
        assertThat(ArchiveFormat.ofMagic(ByteBuffer.wrap(archive))).isEqualTo(format);
    }

    @Test
    void hintSaysTheFormatBeforeTheNameDoes() {
        assertThat(ArchiveFormat.said("object.zip", "tar")).isEqualTo(ArchiveFormat.TAR);
        assertThat(ArchiveFormat.said("object.zip", "")).isEqualTo(ArchiveFormat.ZIP);
        assertThat(ArchiveFormat.said("object", "")).isNull();
    }

    @Test
    void firstBytesOfSomethingElseShowNone() {
        assertThat(ArchiveFormat.ofMagic(ByteBuffer.allocate(0))).isNull();
        assertThat(ArchiveFormat.ofMagic(ByteBuffer.allocate(1000))).isNull();
        assertThat(ArchiveFormat.ofMagic(ByteBuffer.allocate(10))).isNull();
    }

    @Test
    void newArchiveNeedsAnExtensionAndAHintThatAgrees() {
        assertThat(ArchiveFormat.ofNew("a.tar", null)).isEqualTo(ArchiveFormat.TAR);
        assertThat(ArchiveFormat.ofNew("a.tar.gz", ".tgz")).isEqualTo(ArchiveFormat.TGZ);
        refused("a.bin", "tar", "\"a.bin\" does not have the extension of an archive");
        refused(
                "a.tar",
                "application/zip",
                "\"a.tar\" has the extension of .tar, but \"application/zip\" was asked for");
        refused("a.tar", "text/plain", "unknown archive format");
    }

    private static void refused(String name, String hint, String words) {
        assertThatThrownBy(() -> ArchiveFormat.ofNew(name, hint))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining(words);
    }

    @Test
    void contentTypesAreThoseOfAistore() {
        assertThat(ArchiveFormat.TAR.contentType()).isEqualTo("application/x-tar");
        assertThat(ArchiveFormat.TGZ.contentType()).isEqualTo("application/gzip");
        assertThat(ArchiveFormat.ZIP.contentType()).isEqualTo("application/zip");
        assertThat(ArchiveFormat.TAR_LZ4.contentType()).isEqualTo("application/x-lz4");
    }
}
