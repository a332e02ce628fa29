package io.forebay.storage.crypto;

import io.forebay.common.model.ByteRange;
import io.forebay.storage.metadata.ByteReader;
import io.forebay.storage.metadata.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/// What an object's ciphertext is made of: runs that were written at one go, each under a key of its own, one behind
/// the other. A plain object is one run, a multipart object has one for each part.
final class Runs {
    static final int SALT_BYTES = 16;

    static final Runs NONE = new Runs(List.of());

    private final List<Run> runs;
    private final long[] contentEnds;
    private final long[] storedEnds;

    private Runs(List<Run> runs) {
        this.runs = List.copyOf(runs);
        this.contentEnds = new long[runs.size()];
        this.storedEnds = new long[runs.size()];
        long content = 0;
        long stored = 0;
        for (int index = 0; index < runs.size(); index++) {
            long length = runs.get(index).stored();
            stored += length;
            content += Chunks.content(length);
            contentEnds[index] = content;
            storedEnds[index] = stored;
        }
    }

    /// One run.
    ///
    /// @param stored its length in bytes
    /// @param salt what its key is derived by
    @SuppressWarnings("ArrayRecordComponent") // Random bytes, which nobody compares by this record.
    record Run(long stored, byte[] salt) {}

    static Runs of(List<Run> runs) {
        return new Runs(runs);
    }

    /// Several, one behind the other.
    static Runs joined(List<Runs> all) {
        List<Run> runs = new ArrayList<>();
        all.forEach(some -> runs.addAll(some.runs));
        return new Runs(runs);
    }

    /// The bytes of the content.
    long content() {
        return contentEnds.length == 0 ? 0 : contentEnds[contentEnds.length - 1];
    }

    /// The bytes that are stored.
    long stored() {
        return storedEnds.length == 0 ? 0 : storedEnds[storedEnds.length - 1];
    }

    /// The run that has that byte of the content, which is there.
    int find(long content) {
        int low = 0;
        int high = contentEnds.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (contentEnds[middle] > content) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    byte[] salt(int run) {
        return runs.get(run).salt();
    }

    long contentStart(int run) {
        return run == 0 ? 0 : contentEnds[run - 1];
    }

    long contentEnd(int run) {
        return contentEnds[run];
    }

    /// The stored bytes of all chunks that have some of that content.
    ByteRange stored(ByteRange content) {
        int first = find(content.offset());
        int last = find(content.last());
        long start = storedStart(first) + Chunks.storedStart(Chunks.number(content.offset() - contentStart(first)));
        long behind = storedStart(last) + Chunks.storedStart(Chunks.number(content.last() - contentStart(last)) + 1);
        return new ByteRange(start, Math.min(behind, storedEnds[last]) - start);
    }

    private long storedStart(int run) {
        return run == 0 ? 0 : storedEnds[run - 1];
    }

    void write(ByteWriter out) {
        out.putVarint(runs.size());
        for (Run run : runs) {
            out.putVarint(run.stored()).putBytes(run.salt());
        }
    }

    static Runs read(ByteReader in) {
        int count = in.readCount();
        List<Run> runs = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            runs.add(new Run(in.readVarint(), in.readBytes(SALT_BYTES)));
        }
        return new Runs(runs);
    }
}
