package io.forebay.storage.batch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;

/// The formats that a batch may have (AIStore `cmn/archive/mime.go`).
public enum BatchFormat {
    TAR("application/x-tar") {
        @Override
        ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(modifiedSeconds, TarOutput.Compression.NONE);
        }
    },
    TGZ("application/gzip") {
        @Override
        ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(modifiedSeconds, FastGzip::new);
        }
    },
    ZIP("application/zip") {
        @Override
        ArchiveOutput open(long modifiedSeconds) {
            return new ZipOutput(modifiedSeconds);
        }
    },
    TAR_LZ4("application/x-lz4") {
        @Override
        ArchiveOutput open(long modifiedSeconds) {
            return TarOutput.of(
                    modifiedSeconds,
                    out -> new LZ4FrameOutputStream(
                            out,
                            LZ4FrameOutputStream.BLOCKSIZE.SIZE_256KB,
                            LZ4FrameOutputStream.FLG.Bits.BLOCK_INDEPENDENCE));
        }
    };

    private static final int GZIP_BUFFER_BYTES = 64 << 10;

    private final String contentType;

    BatchFormat(String contentType) {
        this.contentType = contentType;
    }

    /// The media type.
    public String contentType() {
        return contentType;
    }

    /// An archive of this format that is to be made.
    ///
    /// @param modifiedSeconds of its members, in seconds since the epoch
    abstract ArchiveOutput open(long modifiedSeconds);

    /// The format that an extension or a media type names by having its name in it; tar for an empty one.
    /// Throws INVALID_ARGUMENT.
    public static BatchFormat of(String mime) {
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
        if (text.isEmpty() || text.contains("tar")) {
            return TAR;
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "unknown archive format \"" + mime + "\" (expecting .tar, .tgz, .tar.gz, .zip or .tar.lz4)");
    }

    /// Gzip at its fastest.
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
