package io.forebay.common.io;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/// Makes the checksummer of each type.
public final class Checksummers {
    private Checksummers() {}

    public static Checksummer of(ChecksumType type) {
        return switch (type) {
            case XXHASH64 -> new XxHash64();
            case MD5 -> new Digest(type, "MD5");
            case SHA1 -> new Digest(type, "SHA-1");
            case SHA256 -> new Digest(type, "SHA-256");
            case SHA512 -> new Digest(type, "SHA-512");
            case CRC32 -> new Jdk(type, new CRC32());
            case CRC32C -> new Jdk(type, new CRC32C());
            case CRC64NVME -> new Crc64Nvme();
            case XXHASH3 -> Xxh3.of64Bits();
            case XXHASH128 -> Xxh3.of128Bits();
        };
    }

    /// The checksum of a buffer's remaining bytes; its position and limit stay as they are.
    public static Checksum of(ChecksumType type, ByteBuffer bytes) {
        Checksummer checksummer = of(type);
        checksummer.update(bytes);
        return checksummer.finish();
    }

    private static final class Digest implements Checksummer {
        private final ChecksumType type;
        private final MessageDigest digest;

        Digest(ChecksumType type, String algorithm) {
            this.type = type;
            try {
                this.digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("this Java has no " + algorithm, e);
            }
        }

        @Override
        public void update(ByteBuffer bytes) {
            digest.update(bytes.duplicate());
        }

        @Override
        public Checksum finish() {
            return Checksum.of(type, digest.digest());
        }
    }

    /// A CRC that the JDK computes by processor instructions.
    private static final class Jdk implements Checksummer {
        private final ChecksumType type;
        private final java.util.zip.Checksum crc;

        Jdk(ChecksumType type, java.util.zip.Checksum crc) {
            this.type = type;
            this.crc = crc;
        }

        @Override
        public void update(ByteBuffer bytes) {
            crc.update(bytes.duplicate());
        }

        @Override
        public Checksum finish() {
            return new Checksum(type, HexFormat.of().toHexDigits((int) crc.getValue()));
        }
    }
}
