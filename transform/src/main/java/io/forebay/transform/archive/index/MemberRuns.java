package io.forebay.transform.archive.index;

import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Members that are gathered in any order, and given back sorted by name, each name once: that of the first.
///
/// They are held in bounded memory: a piece of so many members is sorted and encoded into a run, where a
/// member takes a third of its bytes, and the runs are merged when they are read. For one thread at a time.
public final class MemberRuns {
    private static final int PIECE_BYTES = 4 << 20;
    private static final int FIRST_BYTES = 1 << 10;

    private final long maxBytes;
    private final Entry entry = new Entry();
    private final EntryWriter piece = new EntryWriter(FIRST_BYTES);
    private int[] starts = new int[64];
    private int count;
    private boolean isSorted = true;
    private byte[] lastName = new byte[0];
    private final List<byte[]> runs = new ArrayList<>();
    private long runBytes;

    /// @param maxBytes of memory that the members may take
    public MemberRuns(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /// Adds a member behind those before. Throws TOO_LARGE when they take too much memory.
    public void add(Member member) {
        entry.set(member);
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = piece.length();
        piece.restart();
        piece.put(entry);
        isSorted = isSorted && (count == 1 || entry.compareName(lastName, 0, lastName.length) > 0);
        lastName = entry.name;
        long taken = runBytes + piece.length() + (long) Integer.BYTES * count;
        if (taken > maxBytes) {
            throw Refusal.tooLarge("the index of the archive takes more than %s bytes (index-memory)", maxBytes);
        }
        if (piece.length() > Math.min(PIECE_BYTES, maxBytes / 4)) {
            endRun();
        }
    }

    /// The sorted runs, earlier ones first; nothing is added after this.
    List<byte[]> runs() {
        endRun();
        return runs;
    }

    private void endRun() {
        if (count == 0) {
            return;
        }
        int[] order = isSorted ? Arrays.copyOf(starts, count) : sorted();
        EntryWriter run = new EntryWriter(piece.length() / 2 + FIRST_BYTES);
        EntryReader reader = new EntryReader();
        for (int start : order) {
            reader.reset(piece.bytes(), start, piece.length());
            reader.next();
            run.put(reader.entry());
        }
        byte[] encoded = Arrays.copyOf(run.bytes(), run.length());
        runs.add(encoded);
        runBytes += encoded.length;
        piece.clear();
        count = 0;
        isSorted = true;
    }

    /// The entries' starts in the order of their names; those of equal names keep theirs.
    private int[] sorted() {
        int[] from = Arrays.copyOf(starts, count);
        int[] to = new int[count];
        for (int width = 1; width < count; width *= 2) {
            for (int left = 0; left < count; left += 2 * width) {
                merge(from, to, left, Math.min(left + width, count), Math.min(left + 2 * width, count));
            }
            int[] swapped = from;
            from = to;
            to = swapped;
        }
        return from;
    }

    private void merge(int[] from, int[] to, int left, int middle, int right) {
        int first = left;
        int second = middle;
        for (int index = left; index < right; index++) {
            boolean takesFirst = first < middle && (second >= right || compare(from[first], from[second]) <= 0);
            to[index] = takesFirst ? from[first++] : from[second++];
        }
    }

    private int compare(int left, int right) {
        byte[] bytes = piece.bytes();
        long first = name(bytes, left);
        long second = name(bytes, right);
        return Arrays.compareUnsigned(
                bytes,
                (int) (first >>> 32),
                (int) (first >>> 32) + (int) first,
                bytes,
                (int) (second >>> 32),
                (int) (second >>> 32) + (int) second);
    }

    /// Where the whole name of an entry is, in the upper half, and how long, in the lower: behind a zero,
    /// since it shares nothing, and its length.
    private static long name(byte[] bytes, int start) {
        int at = start + 1;
        int length = 0;
        int shift = 0;
        byte part;
        do {
            part = bytes[at++];
            length |= (part & 0x7F) << shift;
            shift += 7;
        } while (part < 0);
        return ((long) at << 32) | length;
    }
}
