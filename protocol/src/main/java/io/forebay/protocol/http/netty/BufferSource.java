package io.forebay.protocol.http.netty;

import io.forebay.common.io.ByteSource;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// A source of this engine's own, whose buffers can be passed on as they are.
interface BufferSource extends ByteSource {
    /// As `next`, but the caller owns the buffer.
    @Nullable
    ByteBuf nextBuffer();
}
