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
    void aFailureIsTheFailingCallersAndOthersTryThemselves() throws InterruptedException {
        SharedSync sync = new SharedSync();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger failures = new AtomicInteger();
        Thread leader = Thread.ofPlatform().start(() -> {
            try {
                sync.sync(() -> {
                    inside.countDown();
                    await(go);
                    throw new IOException("broken");
                });
            } catch (IOException e) {
                failures.incrementAndGet();
            }
        });
        inside.await();
        AtomicInteger own = new AtomicInteger();
        Thread follower = Thread.ofPlatform().start(() -> call(sync, own::incrementAndGet));
        go.countDown();
        leader.join();
        follower.join();
        assertThat(failures.get()).isEqualTo(1);
        assertThat(own.get()).isEqualTo(1);
        assertThatThrownBy(() -> sync.sync(() -> {
                    throw new IOException("again");
                }))
                .isInstanceOf(IOException.class);
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
