package io.forebay.system.process;

import io.forebay.common.error.Check;
import java.time.Duration;

/// How bytes pass from one node to another, in that direction.
///
/// @param cut nothing passes; what was sent arrives when the link is whole again, as TCP has it
/// @param delay of every piece
/// @param bytesPerSecond at most; 0 for no limit
public record Quality(boolean cut, Duration delay, long bytesPerSecond) {
    public static final Quality WHOLE = new Quality(false, Duration.ZERO, 0);
    public static final Quality CUT = new Quality(true, Duration.ZERO, 0);

    public Quality {
        Check.argument(!delay.isNegative() && bytesPerSecond >= 0, "a delay or rate is negative");
    }

    public static Quality slow(Duration delay, long bytesPerSecond) {
        return new Quality(false, delay, bytesPerSecond);
    }
}
