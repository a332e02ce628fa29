package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SharedSyncTest {

    /// A caller's work is counted before its call; the sync that it returns after must have begun later.
    @Test
    void everyCallerReturnsAfterASyncThatBeganAfterItsCall() throws InterruptedException {
        SharedSync sync = new SharedSync();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger synced = new AtomicInteger();
        AtomicInteger tooEarly = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int index = 0; index < 2000; index++) {
                    int mine = done.incrementAndGet();
                    call(sync, () -> {
                        int upTo = done.get();
                        Thread.onSpinWait();
                        synced.accumulateAndGet(upTo, Math::max);
                    });
                    if (synced.get() < mine) {
                        tooEarly.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tooEarly.get()).isZero();
    }

    @Test
    void callersThatWaitTogetherShareOneSync() throws InterruptedException {
        SharedSync sync = new SharedSync();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger syncs = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.ofPlatform()
                .start(() -> call(sync, () -> {
                    inside.countDown();
                    await(go);
                })));
        inside.await();
        for (int follower = 0; follower < 5; follower++) {
            threads.add(Thread.ofPlatform().start(() -> call(sync, syncs::incrementAndGet)));
        }
        for (Thread thread : threads) {
            while (thread.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(syncs.get()).isEqualTo(1);
    }

    @Test
    void afterAFailureNobodyIsToldThatASyncWorked() throws InterruptedException {
        SharedSync sync = new SharedSync();
        AtomicInteger own = new AtomicInteger();
        assertThat(failuresOfTwo(sync, "broken", own)).isEqualTo(2);
        assertThat(own.get()).isZero();
        assertThatThrownBy(() -> sync.sync(own::incrementAndGet))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThat(own.get()).isZero();
    }

    @Test
    void afterAFullDiskOthersTryThemselves() throws InterruptedException, IOException {
        SharedSync sync = new SharedSync();
        AtomicInteger own = new AtomicInteger();
        assertThat(failuresOfTwo(sync, "No space left on device", own)).isEqualTo(1);
        sync.sync(own::incrementAndGet);
        assertThat(own.get()).isEqualTo(2);
    }

    /// How many of two calls fail: one while the other, whose action fails, is under way.
    private static int failuresOfTwo(SharedSync sync, String message, AtomicInteger second)
            throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger failures = new AtomicInteger();
        Thread leader = Thread.ofPlatform()
                .start(() -> count(failures, sync, () -> {
                    inside.countDown();
                    await(go);
                    throw new IOException(message);
                }));
        inside.await();
        Thread follower = Thread.ofPlatform().start(() -> count(failures, sync, second::incrementAndGet));
        while (follower.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        go.countDown();
        leader.join();
        follower.join();
        return failures.get();
    }

    private static void count(AtomicInteger failures, SharedSync sync, SharedSync.Action action) {
        try {
            sync.sync(action);
        } catch (IOException e) {
            failures.incrementAndGet();
        }
    }

    private static void call(SharedSync sync, SharedSync.Action action) {
        try {
            sync.sync(action);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
