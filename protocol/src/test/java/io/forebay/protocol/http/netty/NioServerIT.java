package io.forebay.protocol.http.netty;

/// The server on NIO.
class NioServerIT extends NettyServerContract {
    NioServerIT() {
        super(Transport.NIO);
    }
}
