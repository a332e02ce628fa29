package io.forebay.common.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CrcTest {
    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void combinedPartsEqualTheWhole(ChecksumType type) {
        Random random = new Random(17);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int split = random.nextInt(bytes.length + 1);
            Checksum first = Checksummers.of(type, ByteBuffer.wrap(bytes, 0, split));
            Checksum second = Checksummers.of(type, ByteBuffer.wrap(bytes, split, bytes.length - split));
            assertThat(Crc.combine(first, second, bytes.length - split))
                    .isEqualTo(Checksummers.of(type, ByteBuffer.wrap(bytes)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void frontIsTheWholeWithoutItsTail(ChecksumType type) {
        Random random = new Random(18);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[random.nextInt(5000)];
            random.nextBytes(bytes);
            int split = random.nextInt(bytes.length + 1);
            Checksum whole = Checksummers.of(type, ByteBuffer.wrap(bytes));
            Checksum tail = Checksummers.of(type, ByteBuffer.wrap(bytes, split, bytes.length - split));
            assertThat(Crc.front(whole, tail, bytes.length - split))
                    .isEqualTo(Checksummers.of(type, ByteBuffer.wrap(bytes, 0, split)));
        }
    }

    /// Long runs are combined from themselves: 2^33 zero bytes as 33 doublings against one combination by parts.
    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void lengthsBeyondFourGigabytesCombine(ChecksumType type) {
        Checksum zero = Checksummers.of(type, ByteBuffer.allocate(1));
        Checksum run = zero;
        for (int doubling = 0; doubling < 33; doubling++) {
            run = Crc.combine(run, run, 1L << doubling);
        }
        Checksum tail = Checksummers.of(type, ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Checksum zeroAndRun = Crc.combine(zero, run, 1L << 33);
        Checksum runAndZero = Crc.combine(run, zero, 1);
        assertThat(runAndZero).isEqualTo(zeroAndRun);
        assertThat(Crc.combine(zero, Crc.combine(run, tail, 3), (1L << 33) + 3))
                .isEqualTo(Crc.combine(zeroAndRun, tail, 3));
    }

    @Test
    void otherTypesDoNotCombine() {
        Checksum md5 = Checksummers.of(ChecksumType.MD5, ByteBuffer.allocate(1));
        assertThat(Crc.combines(ChecksumType.MD5)).isFalse();
        assertThat(Crc.combines(ChecksumType.CRC32C)).isTrue();
        assertThatThrownBy(() -> Crc.combine(md5, md5, 1))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }
}
