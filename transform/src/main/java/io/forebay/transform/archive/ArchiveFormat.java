package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.jspecify.annotations.Nullable;

/// The formats of archives (AIStore `cmn/archive/mime.go`).
public enum ArchiveFormat {
    TAR(0, "application/x-tar", ".tar", ".tar") {
        @Override
        public ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(modifiedSeconds, TarOutput.Compression.NONE);
        }

        @Override
        InputStream decompressed(InputStream bytes) {
            return bytes;
        }
    },
    TGZ(1, "application/gzip", ".tgz", ".tar.gz") {
        @Override
        public ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(modifiedSeconds, FastGzip::new);
        }

        @Override
        InputStream decompressed(InputStream bytes) throws IOException {
            return new GZIPInputStream(bytes, GZIP_BUFFER_BYTES);
        }
    },
    ZIP(2, "application/zip", ".zip", ".zip") {
        @Override
        public ArchiveOutput open(long modifiedSeconds) {
            return new ZipOutput(modifiedSeconds);
        }

        @Override
        InputStream decompressed(InputStream bytes) {
            throw new IllegalStateException("a zip is not compressed as a whole");
        }
    },
    TAR_LZ4(3, "application/x-lz4", ".tar.lz4", ".tar.lz4") {
        @Override
        public ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(
                    modifiedSeconds,
                    out -> new LZ4FrameOutputStream(
                            out,
                            LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE));
        }

        @Override
        InputStream decompressed(InputStream bytes) throws IOException {
            return new LZ4FrameInputStream(bytes);
        }
    };

    /// How many bytes `detect` looks at.
    public static final int MAGIC_BYTES = 262;

    private static final int GZIP_BUFFER_BYTES = 64 << 10;
    private static final int TAR_MAGIC_AT = 257;
    private static final byte[] TAR_MAGIC = {'u', 's', 't', 'a', 'r'};
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int ZIP_MAGIC = 0x504B0304;
    private static final int EMPTY_ZIP_MAGIC = 0x504B0506;
    private static final int LZ4_MAGIC = 0x04224D18;

    private final int code;
    private final String contentType;
    private final String extension;
    private final String longExtension;

    ArchiveFormat(int code, String contentType, String extension, String longExtension) {
        this.code = code;
        this.contentType = contentType;
        this.extension = extension;
        this.longExtension = longExtension;
    }

    /// What stands for it in an index.
    byte code() {
        return (byte) code;
    }

    /// The one of that code, or null.
    static @Nullable ArchiveFormat ofCode(byte code) {
        for (ArchiveFormat format : values()) {
            if (format.code == code) {
                return format;
            }
        }
        return null;
    }

    /// The media type.
    public String contentType() {
        return contentType;
    }

    /// An archive of this format that is to be made.
    ///
    /// @param modifiedSeconds of its members, in seconds since the epoch
    public abstract ArchiveOutput open(long modifiedSeconds);

    /// The tar inside compressed bytes. Throws IOException when they are not of this format.
    abstract InputStream decompressed(InputStream bytes) throws IOException;

    /// The format that the extension of a name says, or null.
    public static @Nullable ArchiveFormat ofName(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (ArchiveFormat format : values()) {
            if (lower.endsWith(format.extension) || lower.endsWith(format.longExtension)) {
                return format;
            }
        }
        return null;
    }

    /// The format that an extension or a media type names by having its name in it. Throws INVALID_ARGUMENT.
    public static ArchiveFormat ofHint(String mime) {
        String text = mime.toLowerCase(Locale.ROOT);
        if (text.contains("lz4")) {
            return TAR_LZ4;
        }
        if (text.contains("tgz") || text.contains("gz")) {
            return TGZ;
        }
        if (text.contains("zip")) {
            return ZIP;
        }
        if (text.contains("tar")) {
            return TAR;
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "unknown archive format \"" + mime + "\" (expecting .tar, .tgz, .tar.gz, .zip or .tar.lz4)");
    }

    /// The format that the first bytes of an archive show, `MAGIC_BYTES` of them or all; or null.
    public static @Nullable ArchiveFormat detect(ByteBuffer first) {
        int at = first.position();
        if (first.remaining() >= MAGIC_BYTES
                && first.slice(at + TAR_MAGIC_AT, TAR_MAGIC.length).equals(ByteBuffer.wrap(TAR_MAGIC))) {
            return TAR;
        }
        if (first.remaining() < Integer.BYTES) {
            return null;
        }
        int magic = first.getInt(at);
        if (magic >>> 16 == GZIP_MAGIC) {
            return TGZ;
        }
        return switch (magic) {
            case ZIP_MAGIC, EMPTY_ZIP_MAGIC -> ZIP;
            case LZ4_MAGIC -> TAR_LZ4;
            default -> null;
        };
    }

    /// Gzip at its fastest.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
