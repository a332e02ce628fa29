package io.forebay.transform.archive.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SeekableBytesTest {
    private static final byte[] BYTES = new byte[1000];

    static {
        new Random(1).nextBytes(BYTES);
    }

    @TempDir
    private Path folder;

    private static void readsEverywhere(SeekableBytes bytes) {
        assertThat(bytes.length()).isEqualTo(BYTES.length);
        Random random = new Random(2);
        for (int round = 0; round < 300; round++) {
            int from = random.nextInt(BYTES.length + 1);
            ByteBuffer target = ByteBuffer.allocate(random.nextInt(BYTES.length - from + 1));
            bytes.read(from, target);
            assertThat(target.hasRemaining()).isFalse();
            assertThat(target.array()).isEqualTo(Arrays.copyOfRange(BYTES, from, from + target.capacity()));
        }
    }

    /// Slices of a part of a file each, one of them empty.
    @Test
    void slicesAreReadAsIfTheyWereOne() throws IOException {
        Path file = Files.write(folder.resolve("file"), BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            List<FileSlice> slices = new ArrayList<>();
            int at = 0;
            for (int length : new int[] {1, 400, 0, 99, 500}) {
                slices.add(new Slice(channel, at, length));
                at += length;
            }
            readsEverywhere(SeekableBytes.of(slices));
            assertThat(SeekableBytes.of(List.<FileSlice>of()).length()).isZero();
        }
    }

    @Test
    void channelsAndBuffersAreReadAtAnyPlace() throws IOException {
        Path file = Files.write(folder.resolve("file"), BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            SeekableBytes bytes = SeekableBytes.of(channel);
            readsEverywhere(bytes);
            channel.truncate(10);
            assertThatThrownBy(() -> bytes.read(5, ByteBuffer.allocate(10)))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
        }
        readsEverywhere(SeekableBytes.of(ByteBuffer.wrap(BYTES)));
    }

    /// A slice of a file.
    private record Slice(FileChannel channel, long offset, long length) implements FileSlice {
        @Override
        public boolean readNow(long from, ByteBuffer target) {
            return false;
        }

        @Override
        public void read(long from, ByteBuffer target) {
            assertThat(target.remaining()).isLessThanOrEqualTo((int) (length - from));
            SeekableBytes.of(channel).read(offset + from, target);
        }

        @Override
        public void close() {
            // The channel is closed by whoever opened it.
        }
    }
}
