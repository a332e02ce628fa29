package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import org.jspecify.annotations.Nullable;

/// What is kept beside the bytes of one object: derived from them, so that it may be missing, and is made
/// again then. It goes with the bytes, and never belongs to others.
public interface Sidecar {
    /// Of an object that can have none: its bytes are few, or encrypted.
    Sidecar NONE = new Sidecar() {
        @Override
        public boolean isPossible() {
            return false;
        }

        @Override
        public Object identity() {
            return this;
        }

        @Override
        public @Nullable FileSlice open() {
            return null;
        }

        @Override
        public void put(ByteSource bytes) {
            throw new IllegalStateException("nothing can be kept beside this object");
        }
    };

    /// Whether the object can have one.
    boolean isPossible();

    /// Equal for the same bytes of an object alone, so that what is made of its sidecar can be kept.
    Object identity();

    /// All of it, which the caller closes and checks: after a power cut there may be half of one. Null when
    /// there is none. May wait for the disk.
    @Nullable
    FileSlice open();

    /// Keeps it from now on, unless the object's bytes have gone meanwhile. The source stays the caller's.
    /// Throws NO_SPACE and VOLUME_FAILED.
    void put(ByteSource bytes);
}
