package io.forebay.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PayloadSourceTest {
    private static final int BYTES = 100_000;
    private static final int SKIPPED = 33_333;
    private static final int[] ROOMS = {1, 999, 7_000, 40_000};

    @TempDir
    private Path folder;

    private final byte[] bytes = new byte[BYTES];

    private PayloadSourceTest() {
        new Random(1).nextBytes(bytes);
    }

    /// Bytes that come by turns into buffers of some sizes and in pieces of the source's own.
    private static byte[] taken(PayloadSource source) {
        ByteBuffer all = ByteBuffer.allocate(BYTES);
        for (int turn = 0; ; turn++) {
            ByteBuffer piece;
            if (turn % 5 == 4) {
                piece = source.next();
            } else {
                piece = ByteBuffer.allocate(ROOMS[turn % 5]);
                piece = source.fill(piece) ? piece.flip() : null;
            }
            if (piece == null) {
                assertThat(source.fill(ByteBuffer.allocate(1))).isFalse();
                return Arrays.copyOf(all.array(), all.position());
            }
            all.put(piece);
        }
    }

    private void check(PayloadSource whole, PayloadSource later) {
        assertThat(taken(whole)).isEqualTo(bytes);
        later.skip(1);
        later.skip(SKIPPED - 1);
        assertThat(taken(later)).isEqualTo(Arrays.copyOfRange(bytes, SKIPPED, BYTES));
        later.skip(1);
        assertThat(later.next()).isNull();
    }

    @Test
    void bytesInMemoryFillBuffersOfAnySize() {
        check(
                new PayloadSource(new Payload.Memory(ByteBuffer.wrap(bytes))),
                new PayloadSource(new Payload.Memory(ByteBuffer.wrap(bytes))));
        assertThat(new PayloadSource(Payload.none()).fill(ByteBuffer.allocate(1)))
                .isFalse();
    }

    @Test
    void streamsFillBuffersOfAnySize() {
        check(
                new PayloadSource(new Payload.Stream(new Pieces(BYTES, bytes))),
                new PayloadSource(new Payload.Stream(new Pieces(-1, bytes))));
    }

    @Test
    void filesFillBuffersOfAnySize() throws IOException, InterruptedException, ExecutionException {
        Path file = Files.write(folder.resolve("file"), bytes);
        AtomicInteger open = new AtomicInteger();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                PayloadSource whole = new PayloadSource(slices(channel, open));
                PayloadSource later = new PayloadSource(slices(channel, open))) {
            threads.submit(() -> check(whole, later)).get();
        }
        assertThat(open).hasValue(0);
    }

    /// The file in slices, an empty one among them.
    private static Payload slices(FileChannel channel, AtomicInteger open) {
        List<FileSlice> slices = new ArrayList<>();
        int at = 0;
        for (int length : new int[] {20_000, 0, 1, 50_000, BYTES - 70_001}) {
            slices.add(new TestSlice(channel, at, length, false, open));
            at += length;
        }
        return new Payload.Slices(slices);
    }
}
