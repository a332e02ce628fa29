package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BytePaceTest {
    private static final long RATE = 1000;

    private final AtomicLong nanos = new AtomicLong();
    private final BytePace pace = new BytePace(RATE, nanos::get);

    @Test
    void whatIsWithinTheRateGoesOnAtOnce() {
        for (int second = 0; second < 100; second++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            // A tenth of a second's bytes may be ahead of their time.
            assertThat(pace.spent(RATE / 10)).isTrue();
        }
    }

    @Test
    void whatIsBeyondTheRateWaitsAndIsGivenUpAtTheEnd() throws InterruptedException {
        // Time that nobody used is not saved up.
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        AtomicBoolean goesOn = new AtomicBoolean(true);
        Thread worker = Thread.ofPlatform().start(() -> goesOn.set(pace.spent(RATE * 3600)));
        while (worker.getState() != Thread.State.TIMED_WAITING) {
            assertThat(worker.isAlive()).isTrue();
            Thread.onSpinWait();
        }
        pace.close();
        worker.join();
        assertThat(goesOn).isFalse();
    }
}
