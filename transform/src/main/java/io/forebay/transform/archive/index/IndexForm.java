package io.forebay.transform.archive.index;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.model.ArchiveFormat;

/// The numbers of the encoded form.
///
/// Blocks of entries come first, each with its XXH64 behind it, whose seed is where the block begins. The
/// table follows: the first names of all blocks one behind the other, and for each block where it begins and
/// where its first name ends. The footer is last.
final class IndexForm {
    static final short VERSION = 1;
    static final long MAGIC = 0x4642_4D45_4D49_4458L;

    /// The size at which a block is complete; the last entry may reach beyond.
    static final int BLOCK_BYTES = 4 << 10;
    static final int CHECKSUM_BYTES = Long.BYTES;
    static final int MAX_BLOCK_BYTES = 1 << 20;

    static final int TABLE_ROW_BYTES = Long.BYTES + Integer.BYTES;

    static final int FOOTER_BYTES = 80;
    static final int TABLE_AT = 0;
    static final int NAMES_BYTES_AT = 8;
    static final int BLOCKS_AT = 12;
    static final int MEMBERS_AT = 16;
    static final int MEMBER_BYTES_AT = 24;
    static final int ARCHIVE_BYTES_AT = 32;
    static final int END_AT = 40;
    static final int TABLE_CHECKSUM_AT = 48;
    static final int VERSION_AT = 56;
    static final int FORMAT_AT = 58;
    static final int FOOTER_CHECKSUM_AT = 64;
    static final int MAGIC_AT = 72;

    private IndexForm() {}

    static byte code(ArchiveFormat format) {
        return (byte)
                switch (format) {
                    case TAR -> 1;
                    case TGZ -> 2;
                    case ZIP -> 3;
                    case TAR_LZ4 -> 4;
                };
    }

    static ArchiveFormat format(byte code) {
        for (ArchiveFormat format : ArchiveFormat.values()) {
            if (code(format) == code) {
                return format;
            }
        }
        throw corrupt("a format of archives that is not known: " + code);
    }

    static StoreException corrupt(String what) {
        return new StoreException(ErrorCode.CORRUPT, "the index of an archive has " + what);
    }
}
