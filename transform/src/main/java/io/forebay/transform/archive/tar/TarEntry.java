package io.forebay.transform.archive.tar;

import org.jspecify.annotations.Nullable;

/// One entry of a tar archive, as its headers describe it; offsets count the bytes of the tar.
///
/// @param name as it is there
/// @param isFile whether it is a regular file: no directory, link or device
/// @param size in bytes, holes of a sparse file included
/// @param headersAt where the first of its headers begins
/// @param dataAt where its stored bytes begin
/// @param storedBytes how many these are, without what fills the last block
/// @param sparse how they lie in a sparse file; null for one that is stored whole
public record TarEntry(
        String name,
        boolean isFile,
        long size,
        long modifiedMillis,
        long headersAt,
        long dataAt,
        long storedBytes,
        @Nullable SparseMap sparse) {
    /// How many bytes follow the headers before the next one.
    public long blockBytes() {
        return storedBytes + TarFraming.paddingBytes(storedBytes);
    }
}
