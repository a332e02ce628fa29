package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sees the bytes of an object while they arrive and derives from them what is kept beside them. For one
/// object, and one thread at a time. Never fails: it only ends up with nothing to keep.
public interface Follower extends AutoCloseable {
    /// The next bytes, all that remain in the buffer, which is the caller's again when this returns.
    void accept(ByteBuffer bytes);

    /// What is to be kept beside the object, which the caller closes; null for nothing. Not called of an
    /// object that can have nothing beside it.
    ///
    /// @param content all bytes of the object, to be read at any place; the caller's
    @Nullable
    ByteSource finish(List<FileSlice> content);

    /// Lets go of what it holds, whether it was finished or not.
    @Override
    void close();
}
