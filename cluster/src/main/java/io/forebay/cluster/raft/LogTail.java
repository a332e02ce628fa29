package io.forebay.cluster.raft;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Cuts off what a crash left half written at the end of the log.
///
/// Ratis accepts an end of file inside an entry, but not an entry whose bytes are partly there and partly zero, which
/// is what a crash leaves in a segment that was allocated ahead: it would refuse to start for ever. Such an entry was
/// never acknowledged, because acknowledging waits for the sync. A damaged entry with whole ones behind it is another
/// matter: those may have been acknowledged, so the start is refused.
final class LogTail {
    /*
     * A segment is the text `RaftLog1`, then entries: the length of the body as a varint, the body, and the CRC32C of
     * both in four bytes, big-endian. Zeros follow the last entry of an open segment.
     */
    private static final System.Logger LOG = System.getLogger(LogTail.class.getName());
    private static final int HEADER_BYTES = 8;
    private static final int CHECKSUM_BYTES = 4;

    private final Path segment;
    private final ByteBuffer bytes;

    private LogTail(Path segment, ByteBuffer bytes) {
        this.segment = segment;
        this.bytes = bytes;
    }

    /// Repairs the open segment in a folder of segments; a folder without one, or no folder, is left alone. Throws
    /// CORRUPT when more than the end is damaged.
    static void repair(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> open = Files.newDirectoryStream(folder, "log_inprogress_*")) {
            for (Path segment : open) {
                repairSegment(segment);
            }
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "command log in " + folder + " is unreadable: " + e.getMessage(), e);
        }
    }

    private static void repairSegment(Path segment) throws IOException {
        LogTail tail = new LogTail(segment, ByteBuffer.wrap(Files.readAllBytes(segment)));
        int end = tail.endOfWholeEntries();
        if (tail.isZeroFrom(end)) {
            return;
        }
        tail.refuseEntriesBehind(end);
        LOG.log(
                System.Logger.Level.WARNING,
                "command log " + segment + ": cut off what a crash left half written at offset " + end);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.truncate(end);
            channel.force(true);
        }
    }

    private int endOfWholeEntries() {
        int end = Math.min(HEADER_BYTES, bytes.limit());
        for (int length = entryBytes(end); length > 0; length = entryBytes(end)) {
            end += length;
        }
        return end;
    }

    private boolean isZeroFrom(int offset) {
        for (int index = offset; index < bytes.limit(); index++) {
            if (bytes.get(index) != 0) {
                return false;
            }
        }
        return true;
    }

    private void refuseEntriesBehind(int damaged) {
        for (int offset = damaged + 1; offset < bytes.limit(); offset++) {
            if (entryBytes(offset) > 0) {
                throw new StoreException(
                        ErrorCode.CORRUPT,
                        "command log " + segment + " is damaged at offset " + damaged + ", before its end");
            }
        }
    }

    /// The length of the whole, intact entry that begins there; 0 when there is none.
    private int entryBytes(int offset) {
        long body = 0;
        int at = offset;
        for (int shift = 0; ; shift += 7) {
            if (at >= bytes.limit() || shift > 28) {
                return 0;
            }
            byte next = bytes.get(at++);
            body |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        if (body == 0 || body > bytes.limit() - at - CHECKSUM_BYTES) {
            return 0;
        }
        int end = at + (int) body;
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.slice(offset, end - offset));
        return bytes.getInt(end) == (int) checksum.getValue() ? end + CHECKSUM_BYTES - offset : 0;
    }
}
