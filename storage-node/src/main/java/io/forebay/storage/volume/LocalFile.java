package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicBoolean;

/// A file of the operating system, by Java's own channel.
final class LocalFile implements DiskFile {
    private final FileChannel channel;
    private final AtomicBoolean closed = new AtomicBoolean();

    LocalFile(FileChannel channel) {
        this.channel = channel;
        Descriptors.took();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public void write(long position, ByteBuffer[] buffers) throws IOException {
        // There is no gathering write at a position: the channel's own position serves, since one thread writes.
        channel.position(position);
        int first = 0;
        while (first < buffers.length) {
            if (buffers[first].hasRemaining()) {
                channel.write(buffers, first, buffers.length - first);
            } else {
                first++;
            }
        }
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
                return;
            }
            at += count;
        }
    }

    @Override
    public boolean readNow(long position, ByteBuffer target) {
        return false;
    }

    @Override
    public void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            Descriptors.gaveBack();
        }
        channel.close();
    }
}
