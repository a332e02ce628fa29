package io.forebay.cluster.watch;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Method;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Calls the gateway that leads: goes where it was last, follows whoever names another, and asks each known
/// gateway once when that leads nowhere. Never pauses: when to try again is the caller's. Safe to share
/// between threads.
public final class LeaderCalls {
    private final Supplier<List<String>> gateways;
    private final ControlCalls calls;
    private volatile String leader = "";

    public LeaderCalls(Supplier<List<String>> gateways, ControlCalls calls) {
        this.gateways = gateways;
        this.calls = calls;
    }

    /// The leader's answer. Throws the failure that it tells; NOT_LEADER when the gateways know none, and
    /// the failure of the last one that was asked when none answers.
    ///
    /// @param deadline of each single call
    public ControlCalls.Answer call(Method method, String target, byte[] body, Duration deadline) {
        Set<String> left = new LinkedHashSet<>();
        String first = leader;
        if (!first.isEmpty()) {
            left.add(first);
        }
        left.addAll(gateways.get());
        Set<String> asked = new LinkedHashSet<>();
        StoreException failure = null;
        while (!left.isEmpty()) {
            String url = left.iterator().next();
            left.remove(url);
            asked.add(url);
            try {
                ControlCalls.Answer answer = calls.call(url, method, target, body, deadline);
                if (!answer.isMisdirected()) {
                    leader = url;
                    return answer;
                }
                failure = notLeading(url, answer);
                if (!answer.leader().isEmpty() && !asked.contains(answer.leader())) {
                    left = withFirst(answer.leader(), left);
                }
            } catch (StoreException e) {
                if (!mayBeElsewhere(e)) {
                    leader = url;
                    throw e;
                }
                failure = e;
            }
        }
        leader = "";
        throw failure == null ? new StoreException(ErrorCode.NODE_UNAVAILABLE, "no gateway is known") : failure;
    }

    private static Set<String> withFirst(String url, Set<String> others) {
        Set<String> all = new LinkedHashSet<>(List.of(url));
        all.addAll(others);
        return all;
    }

    private static StoreException notLeading(String url, ControlCalls.Answer answer) {
        return new StoreException(
                ErrorCode.NOT_LEADER,
                "the gateway at " + url + " does not lead"
                        + (answer.leader().isEmpty() ? ", and knows nobody who does" : ""));
    }

    private static boolean mayBeElsewhere(StoreException failure) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        return switch (failure.code().retry()) {
            case NEVER -> failure.code() == ErrorCode.DEADLINE_EXCEEDED || failure.code() == ErrorCode.INTERNAL;
            case SAME_NODE_LATER, AFTER_REFRESH, OTHER_NODE -> failure.code() != ErrorCode.IN_USE;
        };
    }
}
