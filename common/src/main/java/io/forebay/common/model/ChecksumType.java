package io.forebay.common.model;

import org.jspecify.annotations.Nullable;

/// The checksum algorithms of both protocols. Digests are big-endian bytes.
public enum ChecksumType {
    /// XXH64 with seed 0: what every stored object has (AIStore's default type `xxhash2`).
    XXHASH64("xxhash2", 8),
    MD5("md5", 16),
    CRC32("crc32", 4),
    CRC32C("crc32c", 4),
    CRC64NVME("crc64nvme", 8),
    SHA1("sha1", 20),
    SHA256("sha256", 32),
    SHA512("sha512", 64),
    /// XXH3 of 64 bits with seed 0.
    XXHASH3("xxhash3", 8),
    /// XXH3 of 128 bits with seed 0.
    XXHASH128("xxhash128", 16);

    /// HTTP attribute of an object: the wire name of the algorithm that its client used, where that is one which
    /// objects have anyway.
    public static final String ATTRIBUTE = "x-amz-checksum-algorithm";

    private final String wireName;
    private final int digestBytes;

    ChecksumType(String wireName, int digestBytes) {
        this.wireName = wireName;
        this.digestBytes = digestBytes;
    }

    public String wireName() {
        return wireName;
    }

    public int digestBytes() {
        return digestBytes;
    }

    /// The type with that wire name (`xxhash` is an alias of `xxhash2`), or null.
    public static @Nullable ChecksumType find(String wireName) {
        if (wireName.equals("xxhash")) {
            return XXHASH64;
        }
        for (ChecksumType type : values()) {
            if (type.wireName.equals(wireName)) {
                return type;
            }
        }
        return null;
    }
}
