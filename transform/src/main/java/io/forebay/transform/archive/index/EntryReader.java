package io.forebay.transform.archive.index;

import java.util.Arrays;

/// Decodes what `EntryWriter` encoded. For one thread at a time.
final class EntryReader {
    private final Entry entry = new Entry();
    private byte[] bytes = new byte[0];
    private int at;
    private int end;

    /// Begins with these bytes; the first entry in them shares nothing with one before.
    void reset(byte[] encoded, int from, int to) {
        bytes = encoded;
        at = from;
        end = to;
        entry.nameLength = 0;
        entry.modifiedMillis = 0;
        entry.offset = 0;
        entry.frame = 0;
    }

    /// The entry that was read last.
    Entry entry() {
        return entry;
    }

    /// Reads the next entry; false at the end. Throws CORRUPT when there is none.
    boolean next() {
        if (at >= end) {
            return false;
        }
        try {
            read();
        } catch (IndexOutOfBoundsException e) {
            throw IndexForm.corrupt("an entry that is none");
        }
        if (at > end) {
            throw IndexForm.corrupt("an entry that is cut off");
        }
        return true;
    }

    private void read() {
        int shared = length();
        int rest = length();
        if (shared > entry.nameLength || rest > end - at) {
            throw IndexForm.corrupt("a name that is none");
        }
        if (entry.name.length < shared + rest) {
            entry.name = Arrays.copyOf(entry.name, 2 * (shared + rest));
        }
        System.arraycopy(bytes, at, entry.name, shared, rest);
        entry.nameLength = shared + rest;
        at += rest;
        int kind = bytes[at++];
        entry.kind = kind & ~EntryWriter.BROKEN_SECONDS & 0xFF;
        entry.size = number();
        long elapsed = difference();
        entry.modifiedMillis += (kind & EntryWriter.BROKEN_SECONDS) == 0 ? elapsed * EntryWriter.MILLIS : elapsed;
        entry.offset += difference();
        if (entry.isPacked()) {
            entry.frame += difference();
            entry.length = number();
        } else if (entry.kind == Entry.DEFLATED) {
            entry.length = number();
            entry.crc = (int) number();
        }
    }

    private int length() {
        long value = number();
        if (value < 0 || value > IndexForm.MAX_BLOCK_BYTES) {
            throw IndexForm.corrupt("a name of " + value + " bytes");
        }
        return (int) value;
    }

    private long difference() {
        long value = number();
        return (value >>> 1) ^ -(value & 1);
    }

    private long number() {
        long value = 0;
        int shift = 0;
        byte part;
        do {
            part = bytes[at++];
            value |= (part & 0x7FL) << shift;
            shift += 7;
        } while (part < 0 && shift < Long.SIZE);
        return value;
    }
}
