package io.forebay.storage.object;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.Volume;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/// A sidecar beside the last large file of an object. Files may be shared by objects that were extended: it
/// begins with the identity of the extents that it was derived from, and counts for no others.
final class FileSidecar implements Sidecar {
    private static final int IDENTITY_BYTES = Long.BYTES;

    private final Volume volume;
    private final long file;
    private final long identity;

    private FileSidecar(Volume volume, long file, long identity) {
        this.volume = volume;
        this.file = file;
        this.identity = identity;
    }

    /// That of an object; `NONE` for one that is encrypted or in segments alone.
    static Sidecar of(Volume volume, ObjectRecord record) {
        return record.isInline() || record.isSealed() ? NONE : of(volume, record.extents());
    }

    /// That of the bytes in these extents.
    static Sidecar of(Volume volume, Extents extents) {
        for (int index = extents.count() - 1; index >= 0; index--) {
            if (!extents.isSegment(index)) {
                return new FileSidecar(volume, extents.id(index), extents.identity());
            }
        }
        return NONE;
    }

    @Override
    public boolean isPossible() {
        return true;
    }

    /// @param volume the number that is its own
    private record Identity(long volume, long file, long extents) {}

    @Override
    public Object identity() {
        return new Identity(volume.hash(), file, identity);
    }

    @Override
    public @Nullable FileSlice open() {
        FileSlice all = volume.sidecar(file);
        boolean right = false;
        try {
            right = all != null && all.length() >= IDENTITY_BYTES && identity(all) == identity;
            return right && all != null ? new Behind(all) : null;
        } finally {
            if (all != null && !right) {
                all.close();
            }
        }
    }

    private static long identity(FileSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(IDENTITY_BYTES);
        slice.read(0, bytes);
        return bytes.flip().getLong();
    }

    @Override
    public void put(ByteSource bytes) {
        volume.putSidecar(file, new Identified(bytes, identity));
    }

    /// A source with the identity in front, which leaves the inner one to its owner.
    private static final class Identified implements ByteSource {
        private final ByteSource inner;
        private @Nullable ByteBuffer head;

        Identified(ByteSource inner, long identity) {
            this.inner = inner;
            this.head = ByteBuffer.allocate(IDENTITY_BYTES).putLong(identity).flip();
        }

        @Override
        public long length() {
            return inner.length() < 0 ? -1 : inner.length() + IDENTITY_BYTES;
        }

        @Override
        public @Nullable ByteBuffer next() {
            ByteBuffer first = head;
            head = null;
            return first != null ? first : inner.next();
        }

        @Override
        public void close() {
            // The inner one is somebody else's.
        }
    }

    /// What is behind the identity.
    private record Behind(FileSlice all) implements FileSlice {
        @Override
        public FileChannel channel() {
            return all.channel();
        }

        @Override
        public long offset() {
            return all.offset() + IDENTITY_BYTES;
        }

        @Override
        public long length() {
            return all.length() - IDENTITY_BYTES;
        }

        @Override
        public boolean readNow(long from, ByteBuffer target) {
            return all.readNow(from + IDENTITY_BYTES, target);
        }

        @Override
        public void read(long from, ByteBuffer target) {
            all.read(from + IDENTITY_BYTES, target);
        }

        @Override
        public void close() {
            all.close();
        }
    }
}
