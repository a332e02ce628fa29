package io.forebay.common.io;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// The bytes of one stored object, or a range of them, still on disk.
///
/// A slice keeps its file open: whoever receives one closes it, also on failure. Its bytes can reach a socket
/// without passing through the heap. A slice stays readable after its object was overwritten or removed, because
/// object files are never changed once committed.
public interface FileSlice extends AutoCloseable {
    /// The file, for a transfer inside the kernel. Borrowed: never close it, never use it after closing the slice.
    FileChannel channel();

    /// Where the slice begins in the file, in bytes.
    long offset();

    /// How many bytes it has.
    long length();

    /// Reads `target.remaining()` bytes, at most `length() - from`, from that offset inside the slice without
    /// waiting for the disk. Returns false, with the target's position unchanged, when they are not all in
    /// memory or the platform cannot tell.
    boolean readNow(long from, ByteBuffer target);

    /// Fills `target` from that offset inside the slice; may wait for the disk. Throws VOLUME_FAILED on an I/O error
    /// and
    /// CORRUPT when the file is shorter than the slice.
    void read(long from, ByteBuffer target);

    @Override
    void close();
}
