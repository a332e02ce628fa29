package io.forebay.protocol.http.netty;

import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;

/// The size of one connection's receive buffers, set by what the connection expects next: a head or a body.
///
/// Belongs to the connection's event loop.
final class ReadSizer extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int MESSAGES_PER_READ = 4;

    private int bytes;

    ReadSizer(int bytes) {
        super(MESSAGES_PER_READ);
        this.bytes = bytes;
    }

    void resize(int bytes) {
        this.bytes = bytes;
    }

    @Override
    @SuppressWarnings("deprecation") // The supertype declares its handle by a type that Netty discourages for users.
    public Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return bytes;
            }
        };
    }
}
