package io.forebay.storage.volume;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// One open file of a disk. Any thread may read; one at a time writes.
public interface DiskFile extends AutoCloseable {

    /// Whether reads can work: a thread that is interrupted while it reads closes the file for everyone.
    boolean isOpen();

    /// The file for a transfer inside the kernel. Borrowed.
    FileChannel channel();

    /// Writes all remaining bytes of the buffers, one behind the other, from that position on.
    void write(long position, ByteBuffer[] buffers) throws IOException;

    /// Fills the buffer from that position on, as far as the file goes.
    void read(long position, ByteBuffer target) throws IOException;

    /// Fills the buffer if all the bytes are in memory. False otherwise, and where the platform cannot tell.
    boolean readNow(long position, ByteBuffer target);

    /// Brings all bytes written before to stable storage.
    void sync() throws IOException;

    long size() throws IOException;

    @Override
    void close() throws IOException;
}
