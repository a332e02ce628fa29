package io.forebay.storage.volume;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.NonWritableChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// A file of the operating system for readers: a descriptor for reads that do not wait, and Java's channel
/// only from the first use on that needs one.
///
/// Most small reads need none, and opening and closing a channel costs more than the descriptor does.
final class LocalReadFile implements DiskFile {
    /// Through which a file that is open is opened again, also after its name is gone.
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final boolean REOPENS = Files.isDirectory(DESCRIPTORS);

    private final NowaitRead reader;
    private volatile @Nullable LocalFile whole;
    private boolean closed;

    private LocalReadFile(NowaitRead reader) {
        this.reader = reader;
        Descriptors.took();
    }

    /// Opens a file, or returns null where the platform has no such descriptors or the file cannot be opened.
    static @Nullable LocalReadFile open(String path) {
        NowaitRead reader = REOPENS ? NowaitRead.open(path) : null;
        return reader == null ? null : new LocalReadFile(reader);
    }

    @Override
    public boolean isOpen() {
        LocalFile opened = whole;
        return opened == null || opened.isOpen();
    }

    /// Throws UncheckedIOException when the channel cannot be opened.
    @Override
    public FileChannel channel() {
        try {
            return whole().channel();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void write(long position, ByteBuffer[] buffers) {
        throw new NonWritableChannelException();
    }

    @Override
    public void read(long position, ByteBuffer target) throws IOException {
        whole().read(position, target);
    }

    @Override
    public boolean readNow(long position, ByteBuffer target) {
        return reader.read(position, target);
    }

    @Override
    public void sync() throws IOException {
        whole().sync();
    }

    @Override
    public long size() throws IOException {
        return reader.size();
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        Descriptors.gaveBack();
        LocalFile opened = whole;
        try (reader) {
            if (opened != null) {
                opened.close();
            }
        }
    }

    private LocalFile whole() throws IOException {
        LocalFile opened = whole;
        return opened != null ? opened : openWhole();
    }

    private synchronized LocalFile openWhole() throws IOException {
        LocalFile opened = whole;
        if (opened == null) {
            if (closed) {
                throw new ClosedChannelException();
            }
            Path open = DESCRIPTORS.resolve(Integer.toString(reader.descriptor()));
            opened = new LocalFile(FileChannel.open(open, StandardOpenOption.READ));
            whole = opened;
        }
        return opened;
    }
}
