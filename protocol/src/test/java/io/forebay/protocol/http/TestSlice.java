package io.forebay.protocol.http;

import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;

/// A slice of a test's file that counts how many slices are open, and can pretend that its bytes are on disk only.
public final class TestSlice implements FileSlice {
    private final FileChannel channel;
    private final long offset;
    private final long length;
    private final boolean cached;
    private final AtomicInteger open;
    private boolean closed;

    public TestSlice(FileChannel channel, long offset, long length, boolean cached, AtomicInteger open) {
        this.channel = channel;
        this.offset = offset;
        this.length = length;
        this.cached = cached;
        this.open = open;
        open.incrementAndGet();
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public boolean readNow(long from, ByteBuffer target) {
        if (cached) {
            fill(from, target);
        }
        return cached;
    }

    @Override
    public void read(long from, ByteBuffer target) {
        if (!Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("waiting for a disk on an event loop");
        }
        fill(from, target);
    }

    @Override
    public void close() {
        if (closed) {
            throw new IllegalStateException("closed twice");
        }
        closed = true;
        open.decrementAndGet();
    }

    private void fill(long from, ByteBuffer target) {
        try {
            for (long at = offset + from; target.hasRemaining(); ) {
                at += channel.read(target, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
