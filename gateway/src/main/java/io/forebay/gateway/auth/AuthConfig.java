package io.forebay.gateway.auth;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.time.Duration;

/// Settings of users and of how they prove who they are.
public record AuthConfig(
        @Setting("How far the clock of a client may be off in a signed request.") @Default("15m")
        Duration maxSkew,

        @Setting("Most users of the cluster, beside root.") @Default("10000")
        int maxUsers,

        @Setting("How many derived signing keys (one for each access key, day and region) are kept; more are forgotten"
                + " together.")
        @Default("4096")
        int signingKeys,

        @Setting("Longest life of temporary credentials (AssumeRole), 15 minutes to 12 hours.") @Default("12h")
        Duration maxSession) {
    /// Temporary credentials live at least so long.
    public static final Duration MIN_SESSION = Duration.ofMinutes(15);

    private static final Duration MOST_SESSION = Duration.ofHours(12);

    public AuthConfig {
        Check.argument(!maxSkew.isNegative(), "max-skew is negative");
        Check.argument(maxUsers >= 0, "max-users is negative");
        Check.argument(
                maxSession.compareTo(MIN_SESSION) >= 0 && maxSession.compareTo(MOST_SESSION) <= 0,
                "max-session must be 15m to 12h");
        Check.argument(signingKeys > 0, "signing-keys must be positive, not %s", signingKeys);
    }
}
