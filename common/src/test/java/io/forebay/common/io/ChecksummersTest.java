package io.forebay.common.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ChecksummersTest {
    @ParameterizedTest
    @CsvSource({
        "XXHASH64, 8cb841db40e6ae83",
        "MD5, 25f9e794323b453885f5181f1b624d0b",
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        "SHA512, d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a"
                + "d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
        "XXHASH3, 72dcb18b67a17dff",
        "XXHASH128, 33119477ede5dcd5e9716427681d5860"
    })
    void checkValueOfEachType(ChecksumType type, String hex) {
        ByteBuffer digits = ByteBuffer.wrap("123456789".getBytes(US_ASCII));
        assertThat(Checksummers.of(type, digits)).isEqualTo(new Checksum(type, hex));
    }

    /// XXH3 goes another way with more bytes than 240. The values are those of the reference implementation.
    @Test
    void xxh3OfManyBytes() {
        byte[] bytes = new byte[10_000];
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = (byte) (index * 131 + (index >> 8));
        }
        assertThat(Checksummers.of(ChecksumType.XXHASH3, ByteBuffer.wrap(bytes)).hex())
                .isEqualTo("e24b0152f13187bb");
        assertThat(Checksummers.of(ChecksumType.XXHASH128, ByteBuffer.wrap(bytes))
                        .hex())
                .isEqualTo("bacce2a272df09e6e24b0152f13187bb");
    }

    @ParameterizedTest
    @EnumSource(ChecksumType.class)
    void anySplitOverAnyBufferGivesTheSameAndLeavesBuffersAlone(ChecksumType type) {
        Random random = new Random(type.digestBytes());
        byte[] bytes = new byte[10_000];
        random.nextBytes(bytes);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        Checksum expected = Checksummers.of(type, ByteBuffer.wrap(bytes));
        for (int round = 0; round < 20; round++) {
            Checksummer checksummer = Checksummers.of(type);
            for (int from = 0; from < bytes.length; ) {
                int count = Math.min(bytes.length - from, random.nextInt(3000));
                ByteBuffer part = random.nextBoolean() ? direct.duplicate() : ByteBuffer.wrap(bytes);
                part.limit(from + count).position(from);
                checksummer.update(random.nextBoolean() ? part : part.asReadOnlyBuffer());
                assertThat(part.position()).isEqualTo(from);
                assertThat(part.limit()).isEqualTo(from + count);
                from += count;
            }
            assertThat(checksummer.finish()).isEqualTo(expected);
        }
    }

    @Test
    void setComputesEveryTypeOverBuffersLargerThanItsStretch() {
        byte[] bytes = new byte[150_001];
        new Random(5).nextBytes(bytes);
        List<ChecksumType> types = List.of(ChecksumType.values());
        ChecksumSet set = ChecksumSet.of(types);
        ByteBuffer first = ByteBuffer.wrap(bytes, 0, 100_000);
        set.update(first);
        set.update(ByteBuffer.wrap(bytes, 100_000, 50_001));
        assertThat(first.position()).isZero();
        assertThat(first.limit()).isEqualTo(100_000);
        assertThat(set.finish())
                .isEqualTo(types.stream()
                        .map(type -> Checksummers.of(type, ByteBuffer.wrap(bytes)))
                        .toList());
    }

    @Test
    void setKeepsEachTypeOnceInOrder() {
        ChecksumSet set = ChecksumSet.of(Arrays.asList(ChecksumType.MD5, ChecksumType.XXHASH64, ChecksumType.MD5));
        assertThat(set.finish()).extracting(Checksum::type).containsExactly(ChecksumType.MD5, ChecksumType.XXHASH64);
        assertThat(ChecksumSet.of(List.of()).finish()).isEmpty();
    }
}
