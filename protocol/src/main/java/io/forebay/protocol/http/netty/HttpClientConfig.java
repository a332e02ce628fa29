package io.forebay.protocol.http.netty;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of the client by which nodes call each other.
public record HttpClientConfig(
        @Setting("Connections to one node; further requests wait for one.") @Default("256")
        int connectionsPerNode,

        @Setting("How long a request waits for a connection before it fails as BUSY.") @Default("10s")
        Duration waitTimeout,

        @Setting("How long connecting may take.") @Default("3s")
        Duration connectTimeout,

        @Setting("How long an answer may take to begin, once the request was sent.") @Default("2m")
        Duration replyTimeout,

        @Setting("How long the next bytes of a body may take, either way.") @Default("1m")
        Duration bodyTimeout,

        @Setting("How long an unused connection is kept; shorter than servers keep theirs.") @Default("1m")
        Duration idleTimeout,

        @Setting("Size of an answer's status line and headers.") @Default("256KiB")
        DataSize headBytes,

        @Setting("Receive buffer while an answer is received.") @Default("128KiB")
        DataSize bodyRead,

        @Setting("Bytes of one body that may wait to be taken, either way.") @Default("512KiB")
        DataSize window,

        @Setting("Received bytes of all answers that nobody has taken yet.") @Default("256MiB")
        DataSize bufferedBytes) {

    public HttpClientConfig {
        Check.argument(connectionsPerNode > 0, "connections-per-node must be above 0");
        Check.argument(headBytes.bytes() >= 1024, "head-bytes is below 1KiB");
        Check.argument(bodyRead.bytes() >= 4096 && bodyRead.bytes() <= 16 << 20, "body-read is not 4KiB to 16MiB");
        Check.argument(
                window.bytes() >= bodyRead.bytes() && window.bytes() <= 1 << 30, "window is not body-read to 1GiB");
    }

    public static HttpClientConfig defaults() {
        return Settings.defaults(HttpClientConfig.class);
    }
}
