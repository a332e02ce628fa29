package io.forebay.protocol.http.netty;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;

/// Settings of the event loops that a process shares between its servers and clients.
public record EventLoopConfig(
        @Setting("How bytes reach the kernel: the best that it grants, or one by name.") @Default("auto")
        Transport transport,

        @Setting("Number of event loops; 0 for one per processor.") @Default("0")
        int count) {

    public EventLoopConfig {
        Check.argument(count >= 0 && count <= 1024, "event loop count %s is not between 0 and 1024", count);
    }

    public static EventLoopConfig defaults() {
        return Settings.defaults(EventLoopConfig.class);
    }
}
