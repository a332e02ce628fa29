package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RemovalClockTest {
    private static final Duration AGE = Duration.ofMinutes(15);
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final AtomicLong wallMillis = new AtomicLong(1_000_000_000_000L);
    private final AtomicLong nanos = new AtomicLong(5);
    private final RemovalClock clock = new RemovalClock(() -> Instant.ofEpochMilli(wallMillis.get()), nanos::get);

    @Test
    void removalIsNotOldBecauseTheWallClockJumped() {
        pass(Duration.ofMinutes(20));
        long removed = clock.millis();
        wallMillis.addAndGet(HOUR);
        assertThat(clock.latest(AGE)).isLessThan(removed);
        pass(AGE.minusMillis(1));
        assertThat(clock.latest(AGE)).isLessThan(removed);
        pass(Duration.ofMillis(1));
        assertThat(clock.latest(AGE)).isEqualTo(removed);
    }

    @Test
    void removalIsNotOldBecauseTheWallClockWasBehindWhenItWasMade() {
        pass(Duration.ofMinutes(20));
        wallMillis.addAndGet(-HOUR);
        long removed = clock.millis();
        wallMillis.addAndGet(HOUR);
        assertThat(clock.latest(AGE)).isLessThan(removed);
    }

    @Test
    void removalsBeforeTheStartAreNotOldBeforeTheProcessIs() {
        pass(AGE.minusMillis(1));
        assertThat(clock.latest(AGE)).isEqualTo(Long.MIN_VALUE);
        pass(Duration.ofMillis(1));
        assertThat(clock.latest(AGE)).isEqualTo(wallMillis.get() - AGE.toMillis());
    }

    private void pass(Duration time) {
        wallMillis.addAndGet(time.toMillis());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(time.toMillis()));
    }
}
