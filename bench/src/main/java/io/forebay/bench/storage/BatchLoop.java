package io.forebay.bench.storage;

import io.forebay.bench.load.BodyBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Group commit with nothing else in it: producers that each wait for their object's batch, and one thread that
/// appends what waits to a file and syncs it. No index, no checksum, no record around the bytes.
final class BatchLoop {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
    private final int objectBytes;
    private final Sync sync;

    /// Whether batches are synced.
    enum Sync {
        EACH_BATCH,
        NEVER
    }

    private BatchLoop(int objectBytes, Sync sync) {
        this.objectBytes = objectBytes;
        this.sync = sync;
    }

    /// One object of one producer on its way.
    private static final class Waiter {
        final Thread producer;
        final ByteBuffer bytes;
        volatile boolean done;

        Waiter(Thread producer, ByteBuffer bytes) {
            this.producer = producer;
            this.bytes = bytes;
        }
    }

    /// Objects a second that producers get through, into a file that grows.
    static double produced(Path file, int producers, int objectBytes, Sync sync, Duration time) {
        return new BatchLoop(objectBytes, sync).run(file, producers, time);
    }

    /// Objects a second that one thread appends in ready batches, without anyone who waits for them.
    static double ready(Path file, int batch, int objectBytes, Sync sync, Duration time) {
        ByteBuffer[] buffers = new ByteBuffer[batch];
        for (int index = 0; index < batch; index++) {
            buffers[index] = new BodyBytes(objectBytes, index).numbered(index);
        }
        try (FileChannel channel = create(file)) {
            long start = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - start < time.toNanos()) {
                for (ByteBuffer buffer : buffers) {
                    buffer.clear();
                }
                append(channel, buffers, sync);
                count += batch;
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double run(Path file, int producers, Duration time) {
        long start = System.nanoTime();
        long end = start + time.toNanos();
        CountDownLatch ended = new CountDownLatch(producers);
        try (FileChannel channel = create(file)) {
            for (int index = 0; index < producers; index++) {
                BodyBytes body = new BodyBytes(objectBytes, index);
                Thread.ofVirtual().start(() -> produce(body, end, ended));
            }
            long count = 0;
            while (ended.getCount() > 0) {
                count += commit(channel, ended);
            }
            return count / ((System.nanoTime() - start) / 1e9);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void produce(BodyBytes body, long end, CountDownLatch ended) {
        for (long number = 0; System.nanoTime() < end; number++) {
            Waiter waiter = new Waiter(Thread.currentThread(), body.numbered(number));
            add(waiter);
            while (!waiter.done) {
                LockSupport.park(this);
            }
        }
        ended.countDown();
        signal();
    }

    private void add(Waiter waiter) {
        lock.lock();
        try {
            waiting.add(waiter);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private int commit(FileChannel channel, CountDownLatch ended) throws IOException {
        List<Waiter> batch = take(ended);
        if (!batch.isEmpty()) {
            append(channel, batch.stream().map(waiter -> waiter.bytes).toArray(ByteBuffer[]::new), sync);
            for (Waiter waiter : batch) {
                waiter.done = true;
                LockSupport.unpark(waiter.producer);
            }
        }
        return batch.size();
    }

    /// All that wait; none when the last producer has ended.
    private List<Waiter> take(CountDownLatch ended) {
        lock.lock();
        try {
            while (waiting.isEmpty() && ended.getCount() > 0) {
                arrived.awaitUninterruptibly();
            }
            List<Waiter> batch = new ArrayList<>(waiting);
            waiting.clear();
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private static void append(FileChannel channel, ByteBuffer[] buffers, Sync sync) throws IOException {
        ByteBuffer last = buffers[buffers.length - 1];
        while (last.hasRemaining()) {
            channel.write(buffers);
        }
        if (sync == Sync.EACH_BATCH) {
            channel.force(false);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }
}
