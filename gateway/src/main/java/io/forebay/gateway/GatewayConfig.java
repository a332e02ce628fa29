package io.forebay.gateway;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.gateway.api.s3.S3Config;
import io.forebay.gateway.auth.AuthConfig;
import io.forebay.gateway.control.SupervisorConfig;
import java.time.Duration;

/// Settings of a gateway.
public record GatewayConfig(
        @Setting("How long a request waits for a cluster state that a storage node already has.") @Default("5s")
        Duration statePatience,

        @Setting("How long a request is routed again while the storage node that should serve it does not answer, or"
                + " does not own its object any more.")
        @Default("10s")
        Duration routePatience,

        @Setting("How long a gateway goes on by its last cluster state without contact to a majority of the gateways"
                + " that vote; its answers then say so in `Forebay-Stale-State`. Afterwards it refuses requests.")
        @Default("10m")
        Duration stateMaxAge,

        @Setting("Largest JSON message of an AIStore client.") @Default("4MiB")
        DataSize maxMessageSize,

        @Setting("Largest answer of one storage node to a listing or a query.") @Default("64MiB")
        DataSize maxAnswerSize,

        @Setting(
                "Whether batches of AIStore clients pass through the gateway, which has another storage node go on when"
                        + " the one that makes a batch stops; otherwise clients are redirected to that one.")
        @Default("true")
        boolean relayBatches,

        @Setting("How long a redirect admits its client to a storage node, with authentication.") @Default("5m")
        Duration redirectLifetime,

        @Setting("How many bucket summaries are computed at once.") @Default("4")
        int concurrentSummaries,

        @Setting("How many bucket summaries are remembered for the clients that asked for them.") @Default("256")
        int keptSummaries,

        @Setting("Users, and how they prove who they are.") AuthConfig auth,

        @Setting("The S3 face.") S3Config s3,

        @Setting("Watching over the nodes, while this gateway leads.")
        SupervisorConfig supervisor) {
    public GatewayConfig {
        Check.argument(!routePatience.isNegative(), "route-patience is negative");
        Check.argument(
                maxMessageSize.bytes() <= Integer.MAX_VALUE && maxAnswerSize.bytes() <= Integer.MAX_VALUE,
                "max-message-size and max-answer-size must be below 2 GiB");
        Check.argument(
                concurrentSummaries > 0 && keptSummaries >= concurrentSummaries,
                "concurrent-summaries must be positive and at most kept-summaries");
    }
}
