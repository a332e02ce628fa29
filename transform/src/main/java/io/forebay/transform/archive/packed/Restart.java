package io.forebay.transform.archive.packed;

/// A point of a compressed stream at which unpacking can begin without what is before it.
///
/// @param frame where the frame begins that the point is in
/// @param at where the point is
/// @param unpackedAt how many unpacked bytes are before it
public record Restart(long frame, long at, long unpackedAt) {
    /// The beginning of the stream, where every stream can be unpacked.
    public static final Restart BEGINNING = new Restart(0, 0, 0);
}
