package io.forebay.transform.archive.index;

import java.util.Arrays;

/// Encodes entries one behind the other: names without what they share with the name before, numbers as
/// differences. For one thread at a time.
final class EntryWriter {
    /// Set in the kind of an entry whose time differs from the one before by a broken number of seconds.
    static final int BROKEN_SECONDS = 0x80;

    static final int MILLIS = 1000;

    private byte[] out;
    private int length;
    private byte[] lastName = new byte[128];
    private int lastNameLength;
    private long lastModified;
    private long lastOffset;
    private long lastFrame;

    EntryWriter(int capacity) {
        out = new byte[capacity];
    }

    /// Begins anew, with nothing to share with.
    void clear() {
        length = 0;
        restart();
    }

    /// Lets the next entry share nothing with the one before.
    void restart() {
        lastNameLength = 0;
        lastModified = 0;
        lastOffset = 0;
        lastFrame = 0;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return out;
    }

    void put(Entry entry) {
        int shared = Arrays.mismatch(lastName, 0, lastNameLength, entry.name, 0, entry.nameLength);
        int same = shared < 0 ? lastNameLength : shared;
        reserve(entry.nameLength - same + 64);
        number(same);
        number(entry.nameLength - same);
        System.arraycopy(entry.name, same, out, length, entry.nameLength - same);
        length += entry.nameLength - same;
        long elapsed = entry.modifiedMillis - lastModified;
        boolean whole = elapsed % MILLIS == 0;
        out[length++] = (byte) (entry.kind | (whole ? 0 : BROKEN_SECONDS));
        number(entry.size);
        difference(whole ? elapsed / MILLIS : elapsed);
        difference(entry.offset - lastOffset);
        if (entry.isPacked()) {
            difference(entry.frame - lastFrame);
            number(entry.length);
            lastFrame = entry.frame;
        } else if (entry.kind == Entry.DEFLATED) {
            number(entry.length);
            number(entry.crc & 0xFFFFFFFFL);
        }
        remember(entry, same);
    }

    private void remember(Entry entry, int same) {
        if (lastName.length < entry.nameLength) {
            lastName = Arrays.copyOf(lastName, 2 * entry.nameLength);
        }
        System.arraycopy(entry.name, same, lastName, same, entry.nameLength - same);
        lastNameLength = entry.nameLength;
        lastModified = entry.modifiedMillis;
        lastOffset = entry.offset;
    }

    private void reserve(int more) {
        if (out.length - length < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, length + more));
        }
    }

    private void difference(long value) {
        number((value << 1) ^ (value >> 63));
    }

    private void number(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        out[length++] = (byte) left;
    }
}
