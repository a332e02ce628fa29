package io.forebay.storage.crypto;

/// How content is cut: into chunks that are encrypted each by itself, so that any of them can be read without the
/// others. A stored chunk is 16 bytes longer than its content.
final class Chunks {
    /// The content of every chunk but the last, which has from one byte to this many.
    static final int CONTENT_BYTES = 64 << 10;

    static final int TAG_BYTES = 16;

    private static final int STORED_BYTES = CONTENT_BYTES + TAG_BYTES;

    private Chunks() {}

    /// The bytes that so much content takes.
    static long stored(long content) {
        return content + TAG_BYTES * Math.ceilDiv(content, CONTENT_BYTES);
    }

    /// The content of so many stored bytes.
    static long content(long stored) {
        return stored - TAG_BYTES * Math.ceilDiv(stored, STORED_BYTES);
    }

    /// The number of the chunk that has that byte of the content.
    static long number(long content) {
        return content / CONTENT_BYTES;
    }

    /// Where the content of a chunk begins.
    static long contentStart(long number) {
        return number * CONTENT_BYTES;
    }

    /// Where a chunk begins as it is stored.
    static long storedStart(long number) {
        return number * STORED_BYTES;
    }
}
