package io.forebay.cluster.rule;

import io.forebay.common.error.Check;
import java.time.Duration;

/// How rules count days: from a moment on, and to the end of the day that is reached then, in UTC.
///
/// @param dayMillis how long a day is: 24 hours, or less to see in minutes what a rule does
public record RuleDays(long dayMillis) {
    /// Days of 24 hours.
    public static final RuleDays WHOLE = new RuleDays(Duration.ofDays(1).toMillis());

    public RuleDays {
        Check.argument(dayMillis > 0, "a day must be positive, not %s ms", dayMillis);
    }

    /// The midnight at which so many days have passed, in milliseconds since the epoch.
    public long after(long millis, int days) {
        return Math.ceilDiv(millis + days * dayMillis, dayMillis) * dayMillis;
    }
}
