package io.forebay.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class RecurringTest {
    private static final long SECOND = 1_000_000_000;

    private final SteerableTime time = new SteerableTime();
    private final List<Long> runs = new ArrayList<>();

    @Test
    void eachRunSaysWhenTheNextIsDue() {
        Recurring work = recurring(() -> 3 * SECOND);
        assertThat(runs).isEmpty();
        work.start();
        time.advance(Duration.ofSeconds(7));
        assertThat(runs).containsExactly(0L, 3 * SECOND, 6 * SECOND);
        work.close();
        time.advance(Duration.ofSeconds(30));
        assertThat(runs).hasSize(3);
        assertThat(time.waiting()).isZero();
    }

    @Test
    void wakingMakesItDueAtOnceAndOnlyOnce() {
        Recurring work = recurring(() -> Recurring.NEVER);
        work.wake();
        time.settle();
        assertThat(runs).isEmpty();
        work.start();
        time.advance(Duration.ofSeconds(1));
        work.wake();
        work.wake();
        time.advance(Duration.ofSeconds(5));
        assertThat(runs).containsExactly(0L, SECOND);
    }

    @Test
    void wakingDuringARunMakesAnotherFollow() {
        Recurring[] self = new Recurring[1];
        self[0] = recurring(() -> {
            if (runs.size() == 1) {
                self[0].wake();
            }
            return 10 * SECOND;
        });
        self[0].start();
        time.settle();
        assertThat(runs).containsExactly(0L, 0L);
    }

    @Test
    void failedRunIsTriedAgain() {
        Recurring work = recurring(() -> {
            throw new IllegalStateException("expected by this test");
        });
        work.start();
        time.advance(Duration.ofSeconds(4));
        assertThat(runs).containsExactly(0L, 2 * SECOND, 4 * SECOND);
    }

    @Test
    void closingInterruptsTheRunUnderWayAndWaitsForIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        Recurring work = new Recurring("test", Timers.SYSTEM, SECOND, () -> {
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                order.add("interrupted");
                Thread.currentThread().interrupt();
            }
            return 0;
        });
        work.start();
        entered.await();
        work.close();
        order.add("closed");
        assertThat(order).containsExactly("interrupted", "closed");
    }

    @Test
    void restartingInterruptsTheRunUnderWayAndTheNextFollows() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch again = new CountDownLatch(2);
        Recurring work = new Recurring("test", Timers.SYSTEM, SECOND, () -> {
            again.countDown();
            entered.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("expected by this test", e);
            }
            return 0;
        });
        work.start();
        entered.await();
        work.restart();
        again.await();
        work.close();
        assertThat(again.getCount()).isZero();
    }

    private Recurring recurring(Recurring.Step step) {
        return new Recurring("test", time, 2 * SECOND, () -> {
            runs.add(time.nanos());
            return step.run();
        });
    }
}
