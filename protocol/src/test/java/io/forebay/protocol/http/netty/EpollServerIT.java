package io.forebay.protocol.http.netty;

import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.condition.EnabledIf;

/// The server on epoll.
@EnabledIf("available")
class EpollServerIT extends NettyServerContract {
    EpollServerIT() {
        super(Transport.EPOLL);
    }

    static boolean available() {
        return Epoll.isAvailable();
    }
}
