package io.forebay.transform.archive.zip;

import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What the end of a zip archive says of its central directory.
///
/// @param directoryAt where the directory begins
/// @param directoryBytes how long it is
/// @param entries how many entries it has, or the last 16 bits of that
/// @param isExact whether `entries` has all bits
/// @param base what is to be added to the offsets in the directory: bytes that were put in front of the
/// archive
/// @param comment of the archive
public record ZipEnd(
        long directoryAt, long directoryBytes, long entries, boolean isExact, long base, ByteBuffer comment) {
    /// Finds the end of an archive. Throws INVALID_ARGUMENT when it has none.
    public static ZipEnd find(SeekableBytes archive) {
        int count = (int) Math.min(archive.length(), ZipFields.END_BYTES + ZipFields.MAX_16);
        ByteBuffer tail = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        long tailAt = archive.length() - count;
        archive.read(tailAt, tail);
        for (int at = count - ZipFields.END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == ZipFields.END
                    && (tail.getShort(at + 20) & ZipFields.MAX_16) <= count - at - ZipFields.END_BYTES) {
                return at(archive, tailAt + at, tail.slice(at, count - at).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
        throw Refusal.malformed("this is not a zip archive, or it is cut off: it has no end of a directory");
    }

    private static ZipEnd at(SeekableBytes archive, long endAt, ByteBuffer end) {
        long entries = end.getShort(10) & ZipFields.MAX_16;
        long bytes = end.getInt(12) & ZipFields.MAX_32;
        long offset = end.getInt(16) & ZipFields.MAX_32;
        ByteBuffer comment = end.slice(ZipFields.END_BYTES, end.getShort(20) & ZipFields.MAX_16);
        boolean isLarge = entries == ZipFields.MAX_16 || bytes == ZipFields.MAX_32 || offset == ZipFields.MAX_32;
        Window window = new Window(archive);
        long end64At = isLarge ? end64(window, endAt) : -1;
        if (end64At < 0) {
            checkDisks(end.getShort(4) & ZipFields.MAX_16, end.getShort(6) & ZipFields.MAX_16);
            return of(window, endAt, new ZipEnd(offset, bytes, entries, false, 0, comment));
        }
        ByteBuffer end64 = window.at(end64At, ZipFields.END_64_BYTES);
        int from = end64.position();
        checkDisks(end64.getInt(from + 16), end64.getInt(from + 20));
        ZipEnd said = new ZipEnd(
                end64.getLong(from + 48), end64.getLong(from + 40), end64.getLong(from + 32), true, 0, comment);
        return of(window, end64At, said);
    }

    /// Where the end record of a large archive is; -1 when there is none.
    private static long end64(Window window, long endAt) {
        long locatorAt = endAt - ZipFields.LOCATOR_64_BYTES;
        if (locatorAt < ZipFields.END_64_BYTES) {
            return -1;
        }
        ByteBuffer locator = window.at(locatorAt, ZipFields.LOCATOR_64_BYTES);
        if (locator.getInt(locator.position()) != ZipFields.LOCATOR_64) {
            return -1;
        }
        long said = locator.getLong(locator.position() + 8);
        long nearest = locatorAt - ZipFields.END_64_BYTES;
        for (long at : new long[] {said, nearest}) {
            if (at >= 0 && at <= nearest) {
                ByteBuffer record = window.at(at, ZipFields.END_64_BYTES);
                if (record.getInt(record.position()) == ZipFields.END_64) {
                    return at;
                }
            }
        }
        throw Refusal.malformed("the zip archive says that it is large, and has no record of how large");
    }

    private static void checkDisks(int disk, int directoryDisk) {
        if (disk != 0 || directoryDisk != 0) {
            throw Refusal.unsupported("the zip archive is one of several disks");
        }
    }

    /// The end with the place where the directory really is: right before its end, or where the end says.
    private static ZipEnd of(Window window, long directoryEnd, ZipEnd said) {
        long bytes = said.directoryBytes;
        long offset = said.directoryAt;
        long base = directoryEnd - bytes - offset;
        if (bytes < 0 || offset < 0 || bytes > directoryEnd || base < 0) {
            throw Refusal.malformed("the directory of the zip archive does not lie inside it");
        }
        if (base > 0 && bytes >= ZipFields.CENTRAL_BYTES) {
            ByteBuffer first = window.at(offset, ZipFields.CENTRAL_BYTES);
            base = first.getInt(first.position()) == ZipFields.CENTRAL ? 0 : base;
        }
        return new ZipEnd(offset + base, bytes, said.entries, said.isExact, base, said.comment);
    }
}
