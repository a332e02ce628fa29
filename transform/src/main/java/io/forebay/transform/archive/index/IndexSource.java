package io.forebay.transform.archive.index;

import io.forebay.common.io.ByteSource;
import io.forebay.common.io.XxHash64;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The encoded index of gathered members, made while it is read.
public final class IndexSource implements ByteSource {
    private static final int PIECE_BYTES = 64 << 10;

    private final MergedRuns members;
    private final ArchiveFormat format;
    private final long archiveBytes;
    private final long endAt;
    private final EntryWriter block = new EntryWriter(2 * IndexForm.BLOCK_BYTES);
    private ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES + 2 * IndexForm.BLOCK_BYTES);

    private byte[] names = new byte[1 << 10];
    private int namesBytes;
    private ByteBuffer rows = ByteBuffer.allocate(1 << 10);
    private long blockAt;
    private long memberCount;
    private long memberBytes;
    private boolean ended;

    /// @param archiveBytes the length of the archive that the members are in
    /// @param endAt where its members end: in the unpacked tar, or in the zip
    public IndexSource(MemberRuns members, ArchiveFormat format, long archiveBytes, long endAt) {
        this.members = new MergedRuns(members.runs());
        this.format = format;
        this.archiveBytes = archiveBytes;
        this.endAt = endAt;
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public @Nullable ByteBuffer next() {
        if (ended) {
            return null;
        }
        piece.clear();
        while (piece.position() < PIECE_BYTES) {
            Entry entry = members.next();
            if (entry == null) {
                endBlock();
                ended = true;
                return end();
            }
            add(entry);
        }
        return piece.flip();
    }

    @Override
    public void close() {
        ended = true;
    }

    private void add(Entry entry) {
        if (block.length() == 0) {
            beginBlock(entry);
        }
        block.put(entry);
        memberCount++;
        memberBytes += entry.size;
        if (block.length() >= IndexForm.BLOCK_BYTES - IndexForm.CHECKSUM_BYTES) {
            endBlock();
        }
    }

    private void beginBlock(Entry first) {
        if (names.length - namesBytes < first.nameLength) {
            names = Arrays.copyOf(names, Math.max(2 * names.length, namesBytes + first.nameLength));
        }
        System.arraycopy(first.name, 0, names, namesBytes, first.nameLength);
        namesBytes += first.nameLength;
        if (rows.remaining() < IndexForm.TABLE_ROW_BYTES) {
            rows = ByteBuffer.allocate(2 * rows.capacity()).put(rows.flip());
        }
        rows.putLong(blockAt).putInt(namesBytes);
    }

    private void endBlock() {
        int length = block.length();
        if (length == 0) {
            return;
        }
        if (piece.remaining() < length + IndexForm.CHECKSUM_BYTES) {
            piece = ByteBuffer.allocate(piece.position() + 2 * length).put(piece.flip());
        }
        ByteBuffer bytes = ByteBuffer.wrap(block.bytes(), 0, length);
        long checksum = XxHash64.hash(bytes, blockAt);
        piece.put(bytes).putLong(checksum);
        blockAt += length + IndexForm.CHECKSUM_BYTES;
        block.clear();
    }

    /// What was not given yet, with table and footer.
    private ByteBuffer end() {
        piece.flip();
        rows.flip();
        int tableBytes = namesBytes + rows.remaining();
        int blocks = rows.remaining() / IndexForm.TABLE_ROW_BYTES;
        ByteBuffer out = ByteBuffer.allocate(piece.remaining() + tableBytes + IndexForm.FOOTER_BYTES);
        out.put(piece);
        int tableAt = out.position();
        out.put(names, 0, namesBytes).put(rows);
        long tableChecksum = XxHash64.hash(out.slice(tableAt, tableBytes), blockAt);
        int footerAt = out.position();
        ByteBuffer footer = out.slice(footerAt, IndexForm.FOOTER_BYTES);
        footer.putLong(IndexForm.TABLE_AT, blockAt);
        footer.putInt(IndexForm.NAMES_BYTES_AT, namesBytes);
        footer.putInt(IndexForm.BLOCKS_AT, blocks);
        footer.putLong(IndexForm.MEMBERS_AT, memberCount);
        footer.putLong(IndexForm.MEMBER_BYTES_AT, memberBytes);
        footer.putLong(IndexForm.ARCHIVE_BYTES_AT, archiveBytes);
        footer.putLong(IndexForm.END_AT, endAt);
        footer.putLong(IndexForm.TABLE_CHECKSUM_AT, tableChecksum);
        footer.putShort(IndexForm.VERSION_AT, IndexForm.VERSION);
        footer.put(IndexForm.FORMAT_AT, IndexForm.code(format));
        footer.putLong(IndexForm.FOOTER_CHECKSUM_AT, XxHash64.hash(footer.slice(0, IndexForm.FOOTER_CHECKSUM_AT), 0));
        footer.putLong(IndexForm.MAGIC_AT, IndexForm.MAGIC);
        return out.clear();
    }
}
