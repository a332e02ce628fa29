package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;

/// A large file being written. For one thread at a time; whoever made it closes it, then keeps or discards it.
public final class NewFile implements AutoCloseable {
    private final LargeFiles files;
    private final long id;
    private final String folder;
    private final DiskFile file;
    private long size;

    NewFile(LargeFiles files, long id, String folder, DiskFile file) {
        this.files = files;
        this.id = id;
        this.folder = folder;
        this.file = file;
    }

    public long id() {
        return id;
    }

    public long size() {
        return size;
    }

    /// Appends all remaining bytes. Throws NO_SPACE or VOLUME_FAILED.
    public void append(ByteBuffer bytes) {
        int count = bytes.remaining();
        try {
            file.write(size, new ByteBuffer[] {bytes});
        } catch (IOException e) {
            throw VolumeFailure.of("cannot write file " + LargeFiles.path(id), e);
        }
        size += count;
    }

    /// Brings bytes and entry to stable storage. Throws VOLUME_FAILED.
    public void sync() {
        try {
            files.sync(this);
        } catch (IOException e) {
            throw VolumeFailure.of("cannot sync file " + LargeFiles.path(id), e);
        }
    }

    /// Removes the file: nobody will own it.
    public void discard() {
        close();
        files.remove(id);
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot close file " + LargeFiles.path(id), e);
        }
    }

    String folder() {
        return folder;
    }

    DiskFile file() {
        return file;
    }
}
