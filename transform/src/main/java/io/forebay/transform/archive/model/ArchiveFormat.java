package io.forebay.transform.archive.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The formats of archives: by name, by a hint (a media type or an extension) and by the first bytes.
public enum ArchiveFormat {
    TAR("application/x-tar", ".tar", ".tar"),
    TGZ("application/gzip", ".tgz", ".tar.gz"),
    ZIP("application/zip", ".zip", ".zip"),
    TAR_LZ4("application/x-lz4", ".tar.lz4", ".tar.lz4");

    /// How many first bytes of an archive tell its format.
    public static final int MAGIC_BYTES = 262;

    private static final int USTAR_AT = 257;
    private static final int USTAR = 0x75737461;
    private static final int GZIP = 0x1f8b;
    private static final int PK = 0x504b;
    private static final int LZ4_FRAME = 0x04224d18;

    private final String contentType;
    private final String extension;
    private final String otherExtension;

    ArchiveFormat(String contentType, String extension, String otherExtension) {
        this.contentType = contentType;
        this.extension = extension;
        this.otherExtension = otherExtension;
    }

    /// The media type.
    public String contentType() {
        return contentType;
    }

    /// Its shortest extension, with the dot.
    public String extension() {
        return extension;
    }

    /// Whether it is a tar inside a compressed stream.
    public boolean isPackedTar() {
        return this == TGZ || this == TAR_LZ4;
    }

    /// The format whose extension an object's name has; null for another name.
    public static @Nullable ArchiveFormat ofName(String name) {
        for (ArchiveFormat format : values()) {
            if (name.endsWith(format.extension) || name.endsWith(format.otherExtension)) {
                return format;
            }
        }
        return null;
    }

    /// The format that a media type or an extension names by having its name in it. Throws INVALID_ARGUMENT.
    public static ArchiveFormat ofHint(String hint) {
        String text = hint.toLowerCase(Locale.ROOT);
        if (text.contains("lz4")) {
            return TAR_LZ4;
        }
        // Before zip, which is in "gzip", and before tar, which is in "tar.gz".
        if (text.contains("gz")) {
            return TGZ;
        }
        if (text.contains("zip")) {
            return ZIP;
        }
        if (text.contains("tar")) {
            return TAR;
        }
        throw invalid("unknown archive format \"" + hint + "\"");
    }

    /// The format that the first bytes show, of which `MAGIC_BYTES` suffice; null for none. The buffer stays
    /// as it is.
    public static @Nullable ArchiveFormat ofMagic(ByteBuffer first) {
        int at = first.position();
        int count = first.remaining();
        if (count >= MAGIC_BYTES && number(first, at + USTAR_AT, 4) == USTAR && first.get(at + USTAR_AT + 4) == 'r') {
            return TAR;
        }
        if (count >= 4 && number(first, at, 4) == LZ4_FRAME) {
            return TAR_LZ4;
        }
        if (count >= 2 && number(first, at, 2) == GZIP) {
            return TGZ;
        }
        return count >= 2 && number(first, at, 2) == PK ? ZIP : null;
    }

    /// The format that an archive is said to have: by the hint, or else by its name; null when neither says
    /// one, so that its first bytes have to. Throws INVALID_ARGUMENT as `ofHint` does.
    ///
    /// @param hint empty for none
    public static @Nullable ArchiveFormat said(String name, String hint) {
        return hint.isEmpty() ? ofName(name) : ofHint(hint);
    }

    /// The format of an archive that is made: its extension must be known, and a hint must agree with it.
    /// Throws INVALID_ARGUMENT.
    ///
    /// @param hint null or empty for none
    public static ArchiveFormat ofNew(String name, @Nullable String hint) {
        ArchiveFormat format = ofName(name);
        if (format == null) {
            throw invalid("\"" + name + "\" does not have the extension of an archive");
        }
        if (hint != null && !hint.isEmpty() && ofHint(hint) != format) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "\"" + name + "\" has the extension of " + format.extension + ", but \"" + hint
                            + "\" was asked for");
        }
        return format;
    }

    private static int number(ByteBuffer bytes, int at, int count) {
        int number = 0;
        for (int index = at; index < at + count; index++) {
            number = number << 8 | (bytes.get(index) & 0xFF);
        }
        return number;
    }

    private static StoreException invalid(String what) {
        return new StoreException(
                ErrorCode.INVALID_ARGUMENT, what + " (expecting .tar, .tgz, .tar.gz, .zip or .tar.lz4)");
    }
}
