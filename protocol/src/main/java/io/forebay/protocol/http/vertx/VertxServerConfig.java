package io.forebay.protocol.http.vertx;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of the HTTP server on the control port.
public record VertxServerConfig(
        @Setting("Size of a request body; more is answered 413.") @Default("16MiB")
        DataSize bodyBytes,

        @Setting("Size of a request's headers; more is answered 431.") @Default("64KiB")
        DataSize headBytes,

        @Setting("Size of a request line; more is answered 414.") @Default("16KiB")
        DataSize targetBytes,

        @Setting("Open connections; further ones are closed.") @Default("1000")
        int connections,

        @Setting("Requests being answered; further ones are answered 503.") @Default("1000")
        int requestsInFlight,

        @Setting("A connection on which nothing moves.") @Default("2m")
        Duration idle,

        @Setting("Requests in flight to end when the server stops.") @Default("5s")
        Duration grace) {

    public VertxServerConfig {
        Check.argument(bodyBytes.bytes() <= 1 << 30, "body-bytes is above 1GiB");
        Check.argument(headBytes.bytes() >= 1024 && headBytes.bytes() <= 1 << 20, "head-bytes is not 1KiB to 1MiB");
        Check.argument(
                targetBytes.bytes() >= 256 && targetBytes.bytes() <= 1 << 20, "target-bytes is not 256B to 1MiB");
        Check.argument(connections > 0, "connections must be above 0");
        Check.argument(requestsInFlight > 0, "requests-in-flight must be above 0");
        Check.argument(idle.isPositive(), "idle must be above 0");
        Check.argument(!grace.isNegative(), "grace is negative");
    }

    public static VertxServerConfig defaults() {
        return Settings.defaults(VertxServerConfig.class);
    }
}
