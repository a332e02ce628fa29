package io.forebay.storage.volume;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// A run of bytes in a segment or a large file, which it keeps open.
final class StoredSlice implements FileSlice {
    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(StoredSlice.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final OpenFile file;
    private final long offset;
    private final long length;

    @SuppressWarnings("UnusedVariable") // Used through CLOSED.
    private volatile boolean closed;

    /// A slice that takes over the caller's hold of the file.
    StoredSlice(OpenFile file, long offset, long length) {
        this.file = file;
        this.offset = offset;
        this.length = length;
    }

    @Override
    public FileChannel channel() {
        return file.file().channel();
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
        return file.file().readNow(offset + from, target);
    }

    @Override
    public void read(long from, ByteBuffer target) {
        try {
            file.file().read(offset + from, target);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot read file " + FileIds.hex(file.id()), e);
        }
        if (target.hasRemaining()) {
            throw new StoreException(ErrorCode.CORRUPT, "file " + FileIds.hex(file.id()) + " is too short");
        }
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            file.release();
        }
    }
}
