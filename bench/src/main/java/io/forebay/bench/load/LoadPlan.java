package io.forebay.bench.load;

import io.forebay.common.error.Check;
import java.net.InetSocketAddress;
import java.time.Duration;

/// How much to send, and how.
///
/// @param address of the server
/// @param connections kept open, each with one request in flight
/// @param duration how long requests are begun; those in flight then still end
/// @param requests the most requests to send, 0 for no limit
/// @param rate requests a second of an open loop, 0 for a closed one. In an open loop a latency counts from the moment
///     when the request was due, so that a server which stalls is not asked less
/// @param requestBytes the most bytes that one request has, head and body
public record LoadPlan(
        InetSocketAddress address, int connections, Duration duration, long requests, double rate, int requestBytes) {
    public LoadPlan {
        Check.argument(connections >= 1, "connections must be at least 1, not %s", connections);
        Check.argument(rate >= 0, "rate must not be negative, but is %s", rate);
    }

    /// A closed loop for some time.
    public static LoadPlan closed(InetSocketAddress address, int connections, Duration duration, int requestBytes) {
        return new LoadPlan(address, connections, duration, 0, 0, requestBytes);
    }

    /// A closed loop that sends that many requests, however long it takes.
    public static LoadPlan counted(InetSocketAddress address, int connections, long requests, int requestBytes) {
        return new LoadPlan(address, connections, Duration.ofHours(1), requests, 0, requestBytes);
    }
}
