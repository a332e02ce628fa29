package io.forebay.protocol.http.netty;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Moves a body that arrives on an event loop into a channel of the same loop, as it comes and no faster than the peer
/// takes it. Belongs to that loop.
final class LoopPump {
    /// What is done beside moving.
    interface Owner {
        /// The first bytes, or the end, are there. False when no payload can follow.
        boolean begin();

        /// Sends what was written.
        void flush();

        /// Everything was written.
        void end();

        /// The source failed.
        void fail(RuntimeException cause);
    }

    private final Outlet outlet;
    private final InboundBody body;
    private final StreamPump pump;
    private final Owner owner;
    private boolean begun;
    private boolean moving;
    private boolean over;

    /// @param pump over that body and outlet
    LoopPump(Outlet outlet, InboundBody body, StreamPump pump, Owner owner) {
        this.outlet = outlet;
        this.body = body;
        this.pump = pump;
        this.owner = owner;
    }

    void start() {
        body.takeOnLoop(this::move);
    }

    /// Moves what is there, as far as there is room: called when either changed.
    void move() {
        if (moving || over) {
            return;
        }
        moving = true;
        try {
            while (!over && outlet.hasRoom() && body.isReady()) {
                step();
            }
        } catch (RuntimeException e) {
            close();
            owner.fail(e);
        } finally {
            moving = false;
        }
    }

    /// Moves what fits, and sends it.
    private void step() {
        while (outlet.hasRoom() && body.isReady()) {
            ByteBuf next = pump.pull();
            if (!begun) {
                begun = true;
                if (!owner.begin()) {
                    drop(next);
                    return;
                }
            }
            if (next == null) {
                close();
                owner.end();
                return;
            }
            outlet.write(next);
        }
        owner.flush();
    }

    private void drop(@Nullable ByteBuf next) {
        if (next != null) {
            next.release();
        }
        close();
    }

    /// Nothing more is moved.
    void close() {
        if (!over) {
            over = true;
            body.close();
        }
    }
}
