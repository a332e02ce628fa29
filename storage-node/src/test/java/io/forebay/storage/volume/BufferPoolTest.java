package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class BufferPoolTest {

    /// Each block is filled with its own byte: blocks that overlap would show.
    @Test
    void blocksNeverOverlapAndEverythingComesBack() {
        BufferPool pool = new BufferPool(8 << 20);
        Random random = new Random(1);
        List<BufferPool.Block> taken = new ArrayList<>();
        for (int round = 0; round < 5000; round++) {
            if (random.nextInt(3) > 0) {
                int bytes = 1 + random.nextInt(random.nextBoolean() ? 10_000 : 300_000);
                BufferPool.Block block = pool.tryTake(bytes);
                if (block != null) {
                    assertThat(block.buffer().capacity()).isGreaterThanOrEqualTo(bytes);
                    mark(block, (byte) round);
                    taken.add(block);
                    continue;
                }
            }
            if (!taken.isEmpty()) {
                BufferPool.Block block = taken.remove(random.nextInt(taken.size()));
                byte mark = block.buffer().get(0);
                assertThat(block.buffer().get(block.buffer().capacity() - 1)).isEqualTo(mark);
                assertThat(block.buffer().get(block.buffer().capacity() / 2)).isEqualTo(mark);
                block.close();
                block.close();
            }
        }
        taken.forEach(BufferPool.Block::close);
        assertThat(pool.usedBytes()).isZero();
        BufferPool.Block first = Objects.requireNonNull(pool.tryTake(4 << 20));
        BufferPool.Block second = Objects.requireNonNull(pool.tryTake(4 << 20));
        assertThat(pool.tryTake(1)).isNull();
        try (BufferPool.Block outside = pool.takeNow(100)) {
            assertThat(outside.buffer().isDirect()).isTrue();
        }
        first.close();
        second.close();
    }

    @Test
    void whoWaitsGetsWhatComesBack() throws InterruptedException {
        BufferPool pool = new BufferPool(4 << 20);
        BufferPool.Block all = pool.take(4 << 20);
        CountDownLatch got = new CountDownLatch(2);
        for (int index = 0; index < 2; index++) {
            Thread.ofVirtual().start(() -> {
                try (BufferPool.Block block = pool.take(1 << 20)) {
                    mark(block, (byte) 1);
                    got.countDown();
                }
            });
        }
        all.close();
        got.await();
        assertThat(got.getCount()).isZero();
    }

    private static void mark(BufferPool.Block block, byte mark) {
        int capacity = block.buffer().capacity();
        block.buffer().put(0, mark).put(capacity / 2, mark).put(capacity - 1, mark);
    }
}
