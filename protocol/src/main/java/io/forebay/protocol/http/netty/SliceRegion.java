package io.forebay.protocol.http.netty;

import io.forebay.common.io.FileSlice;
import io.netty.channel.DefaultFileRegion;

/// A file slice on its way into a socket inside the kernel. Owns the slice and closes it when it was sent, or
/// failed.
final class SliceRegion extends DefaultFileRegion {
    private final FileSlice slice;

    SliceRegion(FileSlice slice) {
        super(slice.channel(), slice.offset(), slice.length());
        this.slice = slice;
    }

    /// Closes the slice and not the channel, which is the slice's own and often shared.
    @Override
    protected void deallocate() {
        slice.close();
    }
}
