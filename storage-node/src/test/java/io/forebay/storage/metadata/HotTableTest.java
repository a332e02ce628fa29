package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class HotTableTest {

    @Test
    void offeredIsFoundUntilItChanges() {
        try (HotTable table = new HotTable(64 << 10)) {
            byte[] key = key(1);
            long hash = HotTable.hash(key);
            assertThat(table.find(key, hash)).isNull();
            table.offer(key, hash, value(5), table.ticket(hash));
            assertThat(table.find(key, hash)).isEqualTo(value(5));
            table.begin(key, hash);
            assertThat(table.find(key, hash)).isNull();
            table.offer(key, hash, value(5), table.ticket(hash));
            assertThat(table.find(key, hash)).isNull();
            table.end(key, hash, value(6));
            assertThat(table.find(key, hash)).isEqualTo(value(6));
            table.begin(key, hash);
            table.end(key, hash, null);
            assertThat(table.find(key, hash)).isNull();
        }
    }

    @Test
    void whatWasReadBeforeACommitIsNotPutBackAfterIt() {
        try (HotTable table = new HotTable(64 << 10)) {
            byte[] key = key(1);
            long hash = HotTable.hash(key);
            long ticket = table.ticket(hash);
            table.begin(key, hash);
            table.end(key, hash, value(2));
            table.offer(key, hash, value(1), ticket);
            assertThat(table.find(key, hash)).isEqualTo(value(2));
        }
    }

    @Test
    void keysOfOneBucketPushEachOtherOutAndStayRight() {
        try (HotTable table = new HotTable(1)) {
            Random random = new Random(3);
            for (int round = 0; round < 10_000; round++) {
                byte[] key = key(random.nextInt(20));
                long hash = HotTable.hash(key);
                byte[] found = table.find(key, hash);
                assertThat(found == null
                                || ByteBuffer.wrap(found).getLong(8)
                                        == ByteBuffer.wrap(key).getLong())
                        .isTrue();
                table.offer(key, hash, valueOf(round, key), table.ticket(hash));
            }
        }
    }

    @Test
    void longEntriesAreLeftOut() {
        try (HotTable table = new HotTable(1)) {
            byte[] key = key(1);
            long hash = HotTable.hash(key);
            table.offer(key, hash, new byte[300], table.ticket(hash));
            assertThat(table.find(key, hash)).isNull();
            table.begin(key, hash);
            table.end(key, hash, new byte[300]);
            assertThat(table.find(key, hash)).isNull();
        }
    }

    /// A register per key stands for the index. No reader may see a value older than one it, or anybody before it,
    /// has seen; keys share buckets.
    @Test
    void readersNeverGoBackInTime() throws InterruptedException {
        int keys = 12;
        AtomicLongArray index = new AtomicLongArray(keys);
        AtomicLongArray seen = new AtomicLongArray(keys);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicReference<String> failure = new AtomicReference<>("");
        try (HotTable table = new HotTable(2 << 10)) {
            List<Thread> threads = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                int seed = reader;
                threads.add(Thread.ofPlatform().start(() -> {
                    Random random = new Random(seed);
                    while (!stop.get()) {
                        int id = random.nextInt(keys);
                        long least = seen.get(id);
                        long value = read(table, index, id);
                        if (value < least) {
                            failure.set("key " + id + " was " + least + ", then " + value);
                        }
                        seen.accumulateAndGet(id, value, Math::max);
                    }
                }));
            }
            Random random = new Random(99);
            for (int round = 1; round <= 50_000 && failure.get().isEmpty(); round++) {
                commit(table, index, random.nextInt(keys), random.nextInt(keys), round);
            }
            stop.set(true);
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertThat(failure.get()).isEmpty();
    }

    private static void commit(HotTable table, AtomicLongArray index, int first, int second, long value) {
        int[] ids = first == second ? new int[] {first} : new int[] {first, second};
        for (int id : ids) {
            table.begin(key(id), HotTable.hash(key(id)));
        }
        for (int id : ids) {
            index.set(id, value);
        }
        for (int id : ids) {
            table.end(key(id), HotTable.hash(key(id)), value(value));
        }
    }

    private static long read(HotTable table, AtomicLongArray index, int id) {
        byte[] key = key(id);
        long hash = HotTable.hash(key);
        byte[] hit = table.find(key, hash);
        if (hit != null) {
            return ByteBuffer.wrap(hit).getLong();
        }
        long ticket = table.ticket(hash);
        long value = index.get(id);
        table.offer(key, hash, value(value), ticket);
        return value;
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(24).putLong(id).putLong(7).array();
    }

    private static byte[] value(long value) {
        return ByteBuffer.allocate(100).putLong(value).array();
    }

    private static byte[] valueOf(long value, byte[] key) {
        return ByteBuffer.allocate(100).putLong(value).put(key, 0, 8).array();
    }
}
