package io.forebay.transform.archive.model;

/// Where the bytes of a member are in its archive, and what it takes to read them.
public sealed interface Location {
    /// Where in the archive the reading begins: the order in which the archive has its members, unless it is packed
    /// as a whole.
    long position();

    /// They are there as they are, at an offset of the archive: as many as the member's size.
    record Verbatim(long offset) implements Location {
        @Override
        public long position() {
            return offset;
        }
    }

    /// They are there deflated (zip).
    ///
    /// @param offset where the deflated bytes begin
    /// @param length how many these are
    /// @param crc CRC-32 of the member's bytes
    record Deflated(long offset, long length, int crc) implements Location {
        @Override
        public long position() {
            return offset;
        }
    }

    /// They are inside a compressed stream, behind a point at which unpacking can begin.
    ///
    /// @param frame where the frame of the point begins in the archive
    /// @param restart where the point is in the archive
    /// @param skip how many unpacked bytes lie between the point and the member's
    record Packed(long frame, long restart, long skip) implements Location {
        @Override
        public long position() {
            return restart;
        }
    }

    /// They are those of a sparse file (tar), whose map is in its headers.
    ///
    /// @param headers where the first of its headers is: `Verbatim` or `Packed`
    record Sparse(Location headers) implements Location {
        @Override
        public long position() {
            return headers.position();
        }
    }
}
