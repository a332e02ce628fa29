package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConcurrentStoreTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.NONE);
    private static final int KEYS = 20;

    @TempDir
    private Path folder;

    /// Every content is its own version, over and over: a reader sees which commit each byte belongs to. Nobody may
    /// see bytes of two commits, bytes that are not those of the record, or an older commit after a newer one.
    @Test
    void readersSeeWholeCommitsInOrder() throws Exception {
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        AtomicLongArray seen = new AtomicLongArray(KEYS);
        AtomicBoolean stop = new AtomicBoolean();
        // Readers that never wait would keep virtual threads from their carriers.
        try (StoreFixture fixture = StoreFixture.in(folder);
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> readers = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                int seed = reader;
                readers.add(threads.submit(() -> {
                    Random random = new Random(seed);
                    while (!stop.get()) {
                        int id = random.nextInt(KEYS);
                        long least = seen.get(id);
                        Waiting waiting = random.nextBoolean() ? Waiting.ALLOWED : Waiting.FORBIDDEN;
                        Long version = version(fixture, id, waiting, failures);
                        if (version != null) {
                            if (version < least) {
                                failures.add("key " + id + " went from " + least + " to " + version);
                            }
                            seen.accumulateAndGet(id, version, Math::max);
                        }
                    }
                }));
            }
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 8; writer++) {
                int seed = 100 + writer;
                writers.add(threads.submit(() -> write(fixture, new Random(seed))));
            }
            try {
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } finally {
                stop.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void write(StoreFixture fixture, Random random) {
        for (int round = 0; round < 150; round++) {
            String name = "key-" + random.nextInt(KEYS);
            int size = 8 * (1 + random.nextInt(random.nextInt(5) == 0 ? 5_000 : 500));
            ByteBuffer content = ByteBuffer.allocateDirect(size);
            long stamp = random.nextLong();
            while (content.hasRemaining()) {
                content.putLong(stamp);
            }
            try (WriteSession session = fixture.store().begin(BUCKET, key(BUCKET, name), WriteOptions.ofLength(size))) {
                session.write(content.flip());
                session.commit(Conditions.NONE);
            }
        }
    }

    /// The version that was read, or null when there was none to be had.
    private static @Nullable Long version(
            StoreFixture fixture, int id, Waiting waiting, ConcurrentLinkedQueue<String> failures) {
        ReadOutcome outcome = fixture.store()
                .read(BUCKET, new ObjectKey(BUCKET.name(), "key-" + id), waiting, ReadOutcome.Choice.ALL);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            return null;
        }
        ObjectRecord record = found.record();
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) record.size());
        try (FileSlice slice = found.slices().getFirst()) {
            slice.read(0, bytes);
        }
        long first = bytes.getLong(0);
        for (int at = 0; at < bytes.limit(); at += 8) {
            if (bytes.getLong(at) != first) {
                failures.add("key " + id + " has bytes of two commits");
            }
        }
        return record.version();
    }

    @Test
    void ofManyConditionalWritersOneWins() throws Exception {
        AtomicInteger won = new AtomicInteger();
        AtomicInteger lost = new AtomicInteger();
        try (StoreFixture fixture = StoreFixture.in(folder);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int writer = 0; writer < 40; writer++) {
                byte[] content = {(byte) writer};
                writers.add(threads.submit(() -> {
                    try {
                        fixture.put(BUCKET, "name", content, WriteOptions.ofLength(1), Conditions.ABSENT);
                        won.incrementAndGet();
                    } catch (StoreException e) {
                        assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
                        lost.incrementAndGet();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        }
        assertThat(won.get()).isEqualTo(1);
        assertThat(lost.get()).isEqualTo(39);
    }

    /// Slices stay open over overwrites, retired segments and reused files.
    @Test
    void readersKeepTheirBytesWhileSegmentsAreReused() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            List<List<FileSlice>> held = new ArrayList<>();
            for (int round = 0; round < 6; round++) {
                for (int id = 0; id < 150; id++) {
                    fixture.put(BUCKET, "key-" + id, StoreFixture.bytes(round * 1000L + id, 9000));
                }
                ReadOutcome outcome = fixture.store()
                        .read(
                                BUCKET,
                                new ObjectKey(BUCKET.name(), "key-7"),
                                Waiting.ALLOWED,
                                record -> new ByteRange(0, 9000));
                held.add(((ReadOutcome.Found) outcome).slices());
                fixture.store().volumes().all().getFirst().upkeep().requestFlush();
            }
            for (int round = 0; round < held.size(); round++) {
                assertThat(StoreFixture.content(held.get(round)))
                        .isEqualTo(StoreFixture.bytes(round * 1000L + 7, 9000));
            }
        }
    }
}
