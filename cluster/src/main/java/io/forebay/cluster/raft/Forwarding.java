package io.forebay.cluster.raft;

import io.forebay.cluster.peer.NotLeader;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.cluster.peer.PeerHeaders;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Hands commands to gateways that may lead, under names by which each is applied once.
final class Forwarding {
    static final String PATH = "/cluster/commands";

    private final PeerCalls calls;
    private final StateWatch watch;
    private final Duration messagePatience;
    private final AtomicReference<@Nullable String> hint = new AtomicReference<>();

    Forwarding(PeerCalls calls, StateWatch watch, Duration messagePatience) {
        this.calls = calls;
        this.watch = watch;
        this.messagePatience = messagePatience;
    }

    /// What became of the command, with a state of this process that has it; null when it may succeed if it
    /// is sent again. Throws what makes sending it again useless.
    @Nullable
    Applied offer(String controlUrl, CommandName name, Submission command, long deadline) {
        Headers headers = new Headers().set(PeerHeaders.COMMAND, name.text());
        PeerCalls.Answer answer;
        try {
            byte[] body = command.getContent().toByteArray();
            answer = calls.post(controlUrl, PATH, headers, body, atMost(messagePatience, deadline));
        } catch (StoreException e) {
            if (!isPassing(e.code()) || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            hint.set(NotLeader.leaderUrl(e));
            return null;
        }
        return visible(answer, deadline);
    }

    /// The leader's control URL as the last gateway named it that was asked in vain; null when it named none.
    @Nullable
    String hint() {
        return hint.get();
    }

    private Applied visible(PeerCalls.Answer answer, long deadline) {
        long version = Long.parseLong(answer.headers().find(NodeHeaders.STATE_VERSION, "0"));
        try {
            watch.await(version, atMost(Duration.ofDays(1), deadline));
        } catch (StoreException e) {
            throw new StoreException(
                    ErrorCode.DEADLINE_EXCEEDED, "the command was ordered, but is not seen here yet: " + e.text(), e);
        }
        return Outcome.parse(answer.text(), watch.current());
    }

    private static Duration atMost(Duration most, long deadline) {
        long left = Math.max(0, deadline - Ticker.SYSTEM.nanos());
        return most.toNanos() < left ? most : Duration.ofNanos(left);
    }

    private static boolean isPassing(ErrorCode code) {
        return switch (code) {
            case NOT_LEADER, NODE_UNAVAILABLE, DEADLINE_EXCEEDED, BUSY -> true;
            default -> false;
        };
    }
}
