package io.forebay.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.SteerableTime;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

final class LeaseTest {
    private static final long SECOND = 1_000_000_000;

    private final SteerableTime time = new SteerableTime();
    private final Lease lease = new Lease(Duration.ofSeconds(2), time, time, new Metrics(), "");

    @Test
    void livesUntilItsEndAndNoLonger() {
        assertThat(lease.isLive()).isFalse();
        lease.renew(5 * SECOND);
        assertThat(lease.isLive()).isTrue();
        time.advance(Duration.ofSeconds(5).minusNanos(1));
        assertThat(lease.isLive()).isTrue();
        time.advance(Duration.ofNanos(1));
        assertThat(lease.isLive()).isFalse();
    }

    @Test
    void earlierEndShortensNothing() {
        lease.renew(5 * SECOND);
        lease.renew(3 * SECOND);
        assertThat(lease.leftNanos()).isEqualTo(5 * SECOND);
    }

    @Test
    void eventLoopIsNotKeptWaiting() {
        assertThat(lease.admits(exchange(false))).isFalse();
        lease.renew(SECOND);
        assertThat(lease.admits(exchange(false))).isTrue();
    }

    @Test
    void requestWaitsForTheRenewal() throws Exception {
        FutureTask<Boolean> waiting = waiter();
        lease.renew(SECOND);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void renewalThatDoesNotComeIsToldInWords() throws Exception {
        FutureTask<Boolean> waiting = waiter();
        time.advance(Duration.ofSeconds(2));
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
                    assertThat(e.text()).contains("no lease since 2000 ms");
                });
    }

    /// A request that waits, since its alarm is set.
    private FutureTask<Boolean> waiter() {
        FutureTask<Boolean> waiting = new FutureTask<>(() -> lease.admits(exchange(true)));
        Thread.ofVirtual().start(waiting);
        while (time.waiting() == 0) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    private static DirectExchange exchange(boolean mayWait) {
        return new DirectExchange(
                new Request(Method.GET, "/", new Headers()),
                Body.empty(),
                mayWait,
                InetSocketAddress.createUnresolved("client", 1),
                false,
                "request");
    }
}
