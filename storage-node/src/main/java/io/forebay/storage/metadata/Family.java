package io.forebay.storage.metadata;

import java.nio.charset.StandardCharsets;

/// The column families of an index. Codes are part of the log's format.
public enum Family {
    /// Object name → record of what a GET answers.
    CURRENT(1),
    /// Object name and version → record, of every version that is not the current one.
    VERSIONS(2),
    /// Object name and upload id → upload.
    UPLOADS(3),
    /// Object name, upload id and number → record of a part.
    PARTS(4),
    /// Data id and member name → place of a member in an archive.
    MEMBERS(5),
    /// What the volume knows of itself: replay position, use of segments, large files.
    VOLUME(6),
    /// Object name, or the key of an upload → when it was removed.
    TOMBSTONES(7);

    private static final Family[] BY_CODE = values();

    private final int code;

    Family(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    byte[] columnFamilyName() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Whether its values are object records, which own extents.
    public boolean hasRecords() {
        return this == CURRENT || this == VERSIONS || this == PARTS;
    }

    /// The family that has a key of an object or of a version.
    public static Family of(byte[] key) {
        return IndexKeys.isVersion(key) ? VERSIONS : CURRENT;
    }

    static Family ofCode(int code) {
        if (code < 1 || code > BY_CODE.length) {
            throw ByteReader.corrupt();
        }
        return BY_CODE[code - 1];
    }

    @Override
    public String toString() {
        return switch (this) {
            case CURRENT -> "current";
            case VERSIONS -> "versions";
            case UPLOADS -> "uploads";
            case PARTS -> "parts";
            case MEMBERS -> "members";
            case VOLUME -> "volume";
            case TOMBSTONES -> "tombstones";
        };
    }
}
