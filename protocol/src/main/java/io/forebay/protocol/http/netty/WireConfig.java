package io.forebay.protocol.http.netty;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Ratio;
import io.forebay.common.config.Setting;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.protocol.tls.HttpsConfig;
import java.time.Duration;

/// Settings of one HTTP server on a data port.
public record WireConfig(
        @Setting("Bounds on what clients may use.") Limits limits,
        @Setting("How long clients are waited for.") Timeouts timeouts,
        @Setting("Sizes of the server's own buffers.") Buffers buffers,
        @Setting("HTTPS for clients.") HttpsConfig tls) {

    public static WireConfig defaults() {
        return Settings.defaults(WireConfig.class);
    }

    /// Bounds on what clients may use; each has a counter that shows when it is hit.
    public record Limits(
            @Setting("Open connections; further ones are answered 503 and closed.") @Default("10000")
            int connections,

            @Setting("Requests that wait for anything; further ones are answered 503.") @Default("4096")
            int requestsInFlight,

            @Setting("Share of the process's direct memory that buffers may hold before further requests that need any"
                    + " are answered 503.")
            @Default("60%")
            Ratio directMemory,

            @Setting("Size of a request's line and headers; more is answered 431.") @Default("64KiB")
            DataSize headBytes,

            @Setting("Size of a request target; more is answered 414.") @Default("16KiB")
            DataSize targetBytes,

            @Setting("Header lines of a request; more are answered 431.") @Default("1024")
            int headerLines,

            @Setting("Size of a request body; more is answered 413.") @Default("50TiB")
            DataSize bodyBytes,

            @Setting("Size of a refused body that is read over to keep its connection.") @Default("8GiB")
            DataSize drainBytes,

            @Setting("Received bytes of all bodies that handlers have not taken yet.") @Default("256MiB")
            DataSize bufferedBytes) {

        public Limits {
            Check.argument(directMemory.value() > 0, "limits.direct-memory must be above 0");
            Check.argument(connections > 0, "limits.connections must be above 0");
            Check.argument(requestsInFlight > 0, "limits.requests-in-flight must be above 0");
            Check.argument(headerLines > 0, "limits.header-lines must be above 0");
            between("limits.head-bytes", headBytes, 1 << 10, 1 << 20);
            between("limits.target-bytes", targetBytes, 256, headBytes.bytes());
            between("limits.buffered-bytes", bufferedBytes, 1 << 20, Long.MAX_VALUE);
        }
    }

    /// How long clients are waited for; the resolution is a quarter of a second.
    public record Timeouts(
            @Setting("A kept connection without a request.") @Default("2m")
            Duration idle,

            @Setting("A request head, from its first byte.") @Default("20s")
            Duration head,

            @Setting("The next bytes of a body that is being read.") @Default("1m")
            Duration body,

            @Setting("A client to take any byte of a reply.") @Default("1m")
            Duration write,

            @Setting("A client to close after a last reply.") @Default("5s")
            Duration linger,

            @Setting("Requests in flight to end when the server stops.") @Default("20s")
            Duration grace) {

        public Timeouts {
            positive("timeouts.idle", idle);
            positive("timeouts.head", head);
            positive("timeouts.body", body);
            positive("timeouts.write", write);
            positive("timeouts.linger", linger);
            Check.argument(!grace.isNegative(), "timeouts.grace is negative");
        }
    }

    /// Sizes of the server's own buffers.
    public record Buffers(
            @Setting("Receive buffer while a request head is awaited.") @Default("4KiB")
            DataSize headRead,

            @Setting("Receive buffer while a body is received.") @Default("128KiB")
            DataSize bodyRead,

            @Setting("Bytes of one body that may wait for its handler, and of one reply for its client.")
            @Default("256KiB")
            DataSize window,

            @Setting("Largest payload that is read into one buffer with its head; larger files go by region.")
            @Default("256KiB")
            DataSize gather,

            @Setting("Bytes of one reply that the kernel takes before it has sent what it took earlier.")
            @Default("32KiB")
            DataSize unsent) {

        public Buffers {
            between("buffers.head-read", headRead, 512, 1 << 20);
            between("buffers.body-read", bodyRead, headRead.bytes(), 16 << 20);
            between("buffers.window", window, bodyRead.bytes(), 1 << 30);
            between("buffers.gather", gather, 0, 16 << 20);
            between("buffers.unsent", unsent, 4 << 10, 1 << 30);
        }
    }

    private static void between(String name, DataSize size, long min, long max) {
        Check.argument(
                size.bytes() >= min && size.bytes() <= max,
                "%s is %s, not between %s and %s",
                name,
                size,
                new DataSize(min),
                new DataSize(max));
    }

    private static void positive(String name, Duration duration) {
        Check.argument(duration.isPositive(), "%s must be above 0", name);
    }
}
