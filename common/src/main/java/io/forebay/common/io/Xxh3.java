package io.forebay.common.io;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/// XXH3 with seed 0, of 64 or 128 bits, over heap and direct buffers (xxHash, "XXH3", canonical representation).
final class Xxh3 {
    private static final ByteAccess<ByteBuffer> BYTES = ByteAccess.forByteBuffer(ByteOrder.LITTLE_ENDIAN);

    private Xxh3() {}

    static Checksummer of64Bits() {
        return new Of64Bits();
    }

    static Checksummer of128Bits() {
        return new Of128Bits();
    }

    private static final class Of64Bits implements Checksummer {
        private final HashStream64 stream = Hashing.xxh3_64().hashStream();

        @Override
        public void update(ByteBuffer bytes) {
            stream.putBytes(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), 0, bytes.remaining(), BYTES);
        }

        @Override
        public Checksum finish() {
            return new Checksum(ChecksumType.XXHASH3, HexFormat.of().toHexDigits(stream.getAsLong()));
        }
    }

    private static final class Of128Bits implements Checksummer {
        private final HashStream128 stream = Hashing.xxh3_128().hashStream();

        @Override
        public void update(ByteBuffer bytes) {
            stream.putBytes(bytes.slice().order(ByteOrder.LITTLE_ENDIAN), 0, bytes.remaining(), BYTES);
        }

        @Override
        public Checksum finish() {
            HashValue128 hash = stream.get();
            HexFormat hex = HexFormat.of();
            return new Checksum(
                    ChecksumType.XXHASH128,
                    hex.toHexDigits(hash.getMostSignificantBits()) + hex.toHexDigits(hash.getLeastSignificantBits()));
        }
    }
}
