package io.forebay.protocol.http.netty;

/// The server on the transport that it chooses itself.
class NettyHttpServerIT extends NettyServerContract {
    @Override
    Transport transport() {
        return Transport.AUTO;
    }
}
