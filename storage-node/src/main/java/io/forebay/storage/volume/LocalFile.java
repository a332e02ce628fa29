package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file of the operating system.
final class LocalFile implements DiskFile {
    private final Path path;
    private final FileChannel channel;
    private @Nullable NowaitRead nowait;
    private boolean nowaitTried;

    LocalFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
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
        NowaitRead reader = nowait();
        return reader != null && reader.read(position, target);
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
    public synchronized void close() throws IOException {
        nowaitTried = true;
        NowaitRead reader = nowait;
        nowait = null;
        try (reader) {
            channel.close();
        }
    }

    /// Opened at the first use: most large files are only ever sent whole.
    private @Nullable NowaitRead nowait() {
        NowaitRead reader = nowait;
        return reader != null || nowaitTried ? reader : openNowait();
    }

    private synchronized @Nullable NowaitRead openNowait() {
        if (!nowaitTried) {
            nowaitTried = true;
            nowait = NowaitRead.open(path);
        }
        return nowait;
    }
}
