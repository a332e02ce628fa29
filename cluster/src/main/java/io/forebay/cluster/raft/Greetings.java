package io.forebay.cluster.raft;

import io.forebay.cluster.peer.Peer;
import io.forebay.cluster.peer.PeerAddresses;
import io.forebay.cluster.peer.PeerCalls;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.http.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Asks other gateways who they are, which tells them where this one is reached now.
final class Greetings {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final PeerCalls calls;
    private final NodeId self;
    private final PeerAddresses addresses;
    private final Duration patience;

    Greetings(PeerCalls calls, NodeId self, PeerAddresses addresses, Duration patience) {
        this.calls = calls;
        this.self = self;
        this.addresses = addresses;
        this.patience = patience;
    }

    /// What the gateway tells; null when it cannot be asked now. Throws FORBIDDEN when it is of another
    /// cluster.
    @Nullable
    Hello greet(String controlUrl) {
        try {
            Hello hello = Hello.decode(calls.post(controlUrl, Hello.PATH, new Headers(), new byte[0], patience)
                    .text());
            for (Peer voter : hello.voters()) {
                if (!voter.id().equals(self)) {
                    addresses.suggest(voter.id(), voter.controlUrl());
                }
            }
            return hello;
        } catch (StoreException e) {
            return switch (e.code()) {
                case NODE_UNAVAILABLE, NOT_LEADER, DEADLINE_EXCEEDED, BUSY, INTERNAL -> null;
                default -> throw e;
            };
        }
    }

    /// Greets all of them at the same time.
    void greetAll(Collection<String> controlUrls) {
        List<Thread> greeting = new ArrayList<>();
        for (String url : controlUrls) {
            greeting.add(Thread.ofVirtual().name("greeting").start(() -> greet(url)));
        }
        for (Thread each : greeting) {
            try {
                each.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /// The greeting of whoever leads the group that these gateways are of. Throws NODE_UNAVAILABLE when none
    /// is found in time.
    Hello askLeader(List<String> seeds, long deadline) {
        while (!Thread.currentThread().isInterrupted()) {
            Set<String> known = new LinkedHashSet<>(seeds);
            for (String url : seeds) {
                Hello hello = greet(url);
                if (hello != null) {
                    hello.voters().forEach(voter -> known.add(voter.controlUrl()));
                }
            }
            for (String url : known) {
                Hello hello = greet(url);
                if (hello != null && hello.leads()) {
                    return hello;
                }
            }
            if (Ticker.SYSTEM.nanos() - deadline >= 0) {
                break;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
        throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no leading gateway was found by way of " + seeds);
    }
}
