package io.forebay.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.config.Secret;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.SteerableTime;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.HeartbeatReply;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.protocol.api.control.Space;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.InMemoryHttp;
import io.forebay.protocol.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class HeartbeatSenderTest {
    private static final long SECOND = 1_000_000_000;
    private static final String FIRST = "http://gateway-1:1";
    private static final String SECOND_URL = "http://gateway-2:1";
    private static final String THIRD = "http://gateway-3:1";

    private final SteerableTime time = new SteerableTime();
    private final Metrics metrics = new Metrics();
    private final InMemoryHttp http = new InMemoryHttp();
    private final Lease lease = new Lease(Duration.ofSeconds(2), time, time, metrics, "");
    private final QuorumContact contact = new QuorumContact(Duration.ofSeconds(3), time, metrics);
    private final List<Heartbeat> received = new ArrayList<>();
    private final List<Long> versions = new ArrayList<>();
    private NodeProgress progress = new NodeProgress(3, Rebalance.NONE, new Space(10, 5, 4, 2));
    private long granted = 5 * SECOND;

    @Test
    void leaseIsKeptByASteadyRhythm() {
        http.open(FIRST, leader());
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            for (int second = 0; second < 20; second++) {
                time.advance(Duration.ofSeconds(1));
                assertThat(lease.leftNanos()).isBetween(4 * SECOND, 5 * SECOND);
            }
            assertThat(received).hasSize(21);
            assertThat(received.getLast().node()).isEqualTo("t1");
            assertThat(received.getLast().preparedEpoch()).isEqualTo(3);
            assertThat(received.getLast().space()).isEqualTo(new Space(10, 5, 4, 2));
            assertThat(received.stream().map(Heartbeat::boot).distinct()).hasSize(1);
            assertThat(versions).hasSize(21).containsOnly(9L);
            assertThat(contact.staleSeconds()).isZero();
        }
    }

    /// The reply may have been under way for any time.
    @Test
    void leaseCountsFromWhenTheHeartbeatWasSent() {
        http.open(FIRST, exchange -> {
            time.advance(Duration.ofSeconds(2));
            return leader().handle(exchange);
        });
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.settle();
            assertThat(lease.leftNanos()).isEqualTo(3 * SECOND);
        }
    }

    @Test
    void whatHasEndedIsToldAtOnce() {
        http.open(FIRST, leader());
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.advance(Duration.ofMillis(100));
            progress = new NodeProgress(4, Rebalance.NONE, Space.NONE);
            sender.wake();
            time.settle();
            assertThat(received).hasSize(2);
            assertThat(received.getLast().preparedEpoch()).isEqualTo(4);
        }
    }

    @Test
    void leaderIsFoundByThoseWhoDoNotLead() {
        http.open(FIRST, notLeading(THIRD));
        http.open(THIRD, leader());
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.advance(Duration.ofSeconds(3));
            assertThat(received).hasSize(4);
            assertThat(http.calls(FIRST)).isEqualTo(1);
            assertThat(http.calls(SECOND_URL)).isZero();
        }
    }

    @Test
    void anotherLeaderIsFoundWhenTheFirstIsGone() {
        http.open(FIRST, leader());
        http.open(SECOND_URL, notLeading(null));
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.settle();
            http.open(FIRST, notLeading(null));
            time.advance(Duration.ofSeconds(2));
            assertThat(received).hasSize(1);
            assertThat(lease.isLive()).isTrue();
            http.shut(FIRST);
            http.open(SECOND_URL, notLeading(THIRD));
            http.open(THIRD, leader());
            time.advance(Duration.ofSeconds(1));
            assertThat(received.size()).isGreaterThan(1);
            assertThat(lease.leftNanos()).isGreaterThan(4 * SECOND);
        }
    }

    @Test
    void withoutALeaderTheLeaseEndsAndContactIsLost() {
        http.open(FIRST, leader());
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.settle();
            http.shut(FIRST);
            time.advance(Duration.ofSeconds(6));
            assertThat(lease.isLive()).isFalse();
            assertThat(contact.staleSeconds()).isEqualTo(6);
        }
    }

    /// It is alive, and may not serve.
    @Test
    void withoutAGrantThereIsNoLease() {
        granted = 0;
        http.open(FIRST, leader());
        try (HeartbeatSender sender = sender(remote())) {
            sender.start();
            time.advance(Duration.ofSeconds(2));
            assertThat(received).hasSize(3);
            assertThat(lease.isLive()).isFalse();
        }
    }

    @Test
    void refusalOfTheLeaderIsNotAskedOfOthers() {
        http.open(SECOND_URL, leader());
        RemoteLeader leader = remote();
        http.open(FIRST, exchange -> {
            throw new StoreException(ErrorCode.FORBIDDEN, "no");
        });
        try (HeartbeatSender sender = sender(leader)) {
            sender.start();
            time.settle();
            assertThat(received).isEmpty();
        }
    }

    private Handler leader() {
        return exchange -> {
            received.add(WireJson.read(exchange.body().readAll(1 << 16), Heartbeat.class));
            return JsonReply.of(new HeartbeatReply(granted, 9));
        };
    }

    private static Handler notLeading(@Nullable String leader) {
        return exchange -> {
            Reply reply = Reply.text(421, "not me\n");
            return leader == null ? reply : reply.with(NodeHeaders.LEADER, leader);
        };
    }

    private RemoteLeader remote() {
        ControlCalls calls = new ControlCalls(http, new Secret("s"), time, 1 << 20);
        return new RemoteLeader(new LeaderCalls(() -> List.of(FIRST, SECOND_URL, THIRD), calls), Duration.ofSeconds(1));
    }

    private HeartbeatSender sender(HeartbeatChannel channel) {
        return new HeartbeatSender(
                new NodeId("t1"),
                WatchConfig.defaults(),
                new HeartbeatSender.Parts(
                        new CurrentState(),
                        () -> progress,
                        channel,
                        lease,
                        contact,
                        versions::add,
                        time,
                        time,
                        new Random(7),
                        metrics));
    }
}
