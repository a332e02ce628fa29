package io.forebay.protocol.http.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/// Tells whether a connection's peer takes what is sent to it. Belongs to the connection's event loop.
final class WriteWatch {
    private final Channel channel;
    private int currentIdentity;
    private long pendingBytes;
    private long progress;
    private long since;

    WriteWatch(Channel channel) {
        this.channel = channel;
    }

    /// Whether something waits to be sent and nothing of it went out for that long.
    boolean stalled(long now, long patienceNanos) {
        ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
        Object current = out == null ? null : out.current();
        if (out == null || current == null) {
            currentIdentity = 0;
            since = now;
            return false;
        }
        int identity = System.identityHashCode(current);
        if (identity != currentIdentity
                || out.totalPendingWriteBytes() != pendingBytes
                || out.currentProgress() != progress) {
            currentIdentity = identity;
            pendingBytes = out.totalPendingWriteBytes();
            progress = out.currentProgress();
            since = now;
            return false;
        }
        return now - since > patienceNanos;
    }
}
