package io.forebay.bench.storage;

import io.forebay.bench.load.BodyBytes;
import io.forebay.cluster.state.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.function.LongPredicate;

/// Writers that PUT one object after the other, each waiting for its commit before it begins the next.
///
/// @param count how many there are
/// @param objectBytes size of an object
/// @param names of objects by their number
record Writers(int count, int objectBytes, LongFunction<String> names) {
    /// What a run gave.
    ///
    /// @param perSecond objects
    /// @param cpuMicros processor time of the whole process for each
    /// @param batch objects in one group of the log
    record Result(long objects, double perSecond, double cpuMicros, double batch) {}

    /// Writes for some time, objects from that number on.
    Result run(MeasuredStore store, Bucket bucket, AtomicLong next, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return run(store, bucket, next, number -> System.nanoTime() < end);
    }

    /// Writes the objects up to that number.
    Result runUpTo(MeasuredStore store, Bucket bucket, AtomicLong next, long end) {
        Result result = run(store, bucket, next, number -> number < end);
        next.set(end);
        return result;
    }

    private Result run(MeasuredStore store, Bucket bucket, AtomicLong next, LongPredicate goesOn) {
        double groups = store.metric("forebay_storage_commit_groups_total");
        long cpu = ProcessorClock.processNanos();
        long start = System.nanoTime();
        long written = write(store, bucket, next, goesOn);
        double seconds = (System.nanoTime() - start) / 1e9;
        double micros = (ProcessorClock.processNanos() - cpu) / 1e3 / Math.max(1, written);
        double made = store.metric("forebay_storage_commit_groups_total") - groups;
        return new Result(written, written / seconds, micros, written / Math.max(1, made));
    }

    private long write(MeasuredStore store, Bucket bucket, AtomicLong next, LongPredicate goesOn) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> writers = new ArrayList<>();
            for (int writer = 0; writer < count; writer++) {
                BodyBytes body = new BodyBytes(objectBytes, writer);
                writers.add(threads.submit(() -> {
                    long written = 0;
                    for (long number = next.getAndIncrement(); goesOn.test(number); number = next.getAndIncrement()) {
                        store.put(bucket, names.apply(number), body.numbered(number));
                        written++;
                    }
                    return written;
                }));
            }
            long sum = 0;
            for (Future<Long> writer : writers) {
                sum += writer.get();
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a writer failed: " + e.getCause(), e);
        }
    }
}
