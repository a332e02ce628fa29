package io.forebay.common.io;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;

/// Running checksums of several types over the same bytes, in one pass: each stretch of a buffer goes through all of
/// them while it is in the processor's cache. For one thread at a time; not reusable after `finish`.
public final class ChecksumSet {
    private static final int STRETCH_BYTES = 32 * 1024;

    private final Checksummer[] checksummers;

    private ChecksumSet(Checksummer[] checksummers) {
        this.checksummers = checksummers;
    }

    /// A set of each distinct type, in the order given.
    public static ChecksumSet of(Collection<ChecksumType> types) {
        List<Checksummer> checksummers = new ArrayList<>(types.size());
        EnumSet<ChecksumType> seen = EnumSet.noneOf(ChecksumType.class);
        for (ChecksumType type : types) {
            if (seen.add(type)) {
                checksummers.add(Checksummers.of(type));
            }
        }
        return new ChecksumSet(checksummers.toArray(Checksummer[]::new));
    }

    /// Takes all remaining bytes, leaving the buffer's position and limit as they were.
    public void update(ByteBuffer bytes) {
        if (checksummers.length == 1 || bytes.remaining() <= STRETCH_BYTES) {
            take(bytes);
            return;
        }
        ByteBuffer stretch = bytes.duplicate();
        int end = bytes.limit();
        for (int from = bytes.position(); from < end; from = stretch.limit()) {
            stretch.limit(from + Math.min(STRETCH_BYTES, end - from)).position(from);
            take(stretch);
        }
    }

    /// The checksums of all bytes taken, in the order of the types.
    public List<Checksum> finish() {
        Checksum[] results = new Checksum[checksummers.length];
        for (int index = 0; index < results.length; index++) {
            results[index] = checksummers[index].finish();
        }
        return List.of(results);
    }

    private void take(ByteBuffer bytes) {
        for (Checksummer checksummer : checksummers) {
            checksummer.update(bytes);
        }
    }
}
