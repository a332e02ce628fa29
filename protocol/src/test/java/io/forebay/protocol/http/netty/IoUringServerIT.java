package io.forebay.protocol.http.netty;

import io.netty.channel.uring.IoUring;
import org.junit.jupiter.api.condition.EnabledIf;

/// The server on io_uring.
@EnabledIf("available")
class IoUringServerIT extends NettyServerContract {
    IoUringServerIT() {
        super(Transport.IO_URING);
    }

    static boolean available() {
        return IoUring.isAvailable();
    }
}
