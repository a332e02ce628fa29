package io.forebay.transform.archive.index;

import io.forebay.common.io.XxHash64;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The index of an archive's members, encoded, in whatever holds its bytes: opening it reads the footer and
/// the table of its blocks, finding a member reads one block, of about 4 KiB.
///
/// It keeps the table in memory, about a hundredth of the index. For as many threads at a time as its bytes
/// are.
public final class MemberIndex {
    private final SeekableBytes bytes;
    private final ArchiveFormat format;
    private final long archiveBytes;
    private final long endAt;
    private final long members;
    private final long memberBytes;
    private final int blocks;
    private final long tableAt;
    private final int namesBytes;
    private final byte[] table;
    private final ByteBuffer rows;

    private MemberIndex(SeekableBytes bytes, ByteBuffer footer, byte[] table) {
        this.bytes = bytes;
        this.format = IndexForm.format(footer.get(IndexForm.FORMAT_AT));
        this.archiveBytes = footer.getLong(IndexForm.ARCHIVE_BYTES_AT);
        this.endAt = footer.getLong(IndexForm.END_AT);
        this.members = footer.getLong(IndexForm.MEMBERS_AT);
        this.memberBytes = footer.getLong(IndexForm.MEMBER_BYTES_AT);
        this.blocks = footer.getInt(IndexForm.BLOCKS_AT);
        this.tableAt = footer.getLong(IndexForm.TABLE_AT);
        this.namesBytes = footer.getInt(IndexForm.NAMES_BYTES_AT);
        this.table = table;
        this.rows =
                ByteBuffer.wrap(table, namesBytes, table.length - namesBytes).slice();
    }

    /// Opens an index. The bytes stay the caller's, and are read as long as the index is used. Throws CORRUPT
    /// when they are none, or one of another version, or torn.
    public static MemberIndex open(SeekableBytes bytes) {
        long footerAt = bytes.length() - IndexForm.FOOTER_BYTES;
        if (footerAt < 0) {
            throw IndexForm.corrupt("only " + bytes.length() + " bytes");
        }
        ByteBuffer footer = ByteBuffer.allocate(IndexForm.FOOTER_BYTES);
        bytes.read(footerAt, footer);
        footer.flip();
        checkFooter(footer);
        long tableAt = footer.getLong(IndexForm.TABLE_AT);
        long names = footer.getInt(IndexForm.NAMES_BYTES_AT);
        long rows = (long) footer.getInt(IndexForm.BLOCKS_AT) * IndexForm.TABLE_ROW_BYTES;
        if (names < 0 || rows < 0 || tableAt < 0 || tableAt != footerAt - names - rows || names + rows > 1 << 30) {
            throw IndexForm.corrupt("a footer that does not fit its length");
        }
        byte[] table = new byte[(int) (names + rows)];
        bytes.read(tableAt, ByteBuffer.wrap(table));
        if (XxHash64.hash(table, tableAt) != footer.getLong(IndexForm.TABLE_CHECKSUM_AT)) {
            throw IndexForm.corrupt("a table without its checksum");
        }
        MemberIndex index = new MemberIndex(bytes, footer, table);
        index.checkTable();
        return index;
    }

    private static void checkFooter(ByteBuffer footer) {
        if (footer.getLong(IndexForm.MAGIC_AT) != IndexForm.MAGIC) {
            throw IndexForm.corrupt("no footer");
        }
        long checksum = XxHash64.hash(footer.slice(0, IndexForm.FOOTER_CHECKSUM_AT), 0);
        if (checksum != footer.getLong(IndexForm.FOOTER_CHECKSUM_AT)) {
            throw IndexForm.corrupt("a footer without its checksum");
        }
        if (footer.getShort(IndexForm.VERSION_AT) != IndexForm.VERSION) {
            throw IndexForm.corrupt("version " + footer.getShort(IndexForm.VERSION_AT) + ", which is not known");
        }
    }

    private void checkTable() {
        for (int block = 0; block < blocks; block++) {
            long length = blockEnd(block) - blockAt(block);
            if (blockAt(block) < 0
                    || length <= IndexForm.CHECKSUM_BYTES
                    || length > IndexForm.MAX_BLOCK_BYTES
                    || nameFrom(block) > nameTo(block)
                    || nameTo(block) > namesBytes) {
                throw IndexForm.corrupt("a table that is none, at block " + block);
            }
        }
    }

    private MemberIndex(MemberIndex opened, SeekableBytes bytes) {
        this.bytes = bytes;
        this.format = opened.format;
        this.archiveBytes = opened.archiveBytes;
        this.endAt = opened.endAt;
        this.members = opened.members;
        this.memberBytes = opened.memberBytes;
        this.blocks = opened.blocks;
        this.tableAt = opened.tableAt;
        this.namesBytes = opened.namesBytes;
        this.table = opened.table;
        this.rows = opened.rows;
    }

    /// The same index, which reads the same bytes in another place: nothing is read for it.
    public MemberIndex over(SeekableBytes same) {
        return new MemberIndex(this, same);
    }

    /// How many bytes of memory its table takes.
    public int tableBytes() {
        return table.length;
    }

    /// The format of the archive.
    public ArchiveFormat format() {
        return format;
    }

    /// The length of the archive that it is an index of.
    public long archiveBytes() {
        return archiveBytes;
    }

    /// Where its members end: in the unpacked tar, or in the zip.
    public long endAt() {
        return endAt;
    }

    /// How many members there are, each name counted once.
    public long members() {
        return members;
    }

    /// How many bytes these have together, unpacked.
    public long memberBytes() {
        return memberBytes;
    }

    /// The member of that name, one leading slash not counting; null when there is none. Throws CORRUPT when
    /// the block in which it would be does not have its checksum.
    public @Nullable Member find(String name) {
        byte[] wanted = utf8(MemberName.asked(name));
        int block = blockOf(wanted);
        if (block < 0) {
            return null;
        }
        EntryReader reader = new EntryReader();
        read(block, block + 1, reader);
        while (reader.next()) {
            int order = reader.entry().compareName(wanted, 0, wanted.length);
            if (order >= 0) {
                return order == 0 ? reader.entry().member() : null;
            }
        }
        return null;
    }

    /// The members whose names begin with the prefix and come after that name, in the order of their UTF-8
    /// bytes. The cursor reads block by block, so that a page costs what it shows.
    ///
    /// @param prefix empty for all
    /// @param after empty for no such name
    public MemberCursor list(String prefix, String after) {
        return new MemberCursor(this, utf8(prefix), utf8(after));
    }

    int blocks() {
        return blocks;
    }

    /// The last block that begins with that name or one before it; -1 for none.
    int blockOf(byte[] name) {
        int low = 0;
        int high = blocks;
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = Arrays.compareUnsigned(table, nameFrom(middle), nameTo(middle), name, 0, name.length);
            if (order <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /// How many bytes the blocks have before that one.
    long blockAt(int block) {
        return block < blocks ? rows.getLong(block * IndexForm.TABLE_ROW_BYTES) : tableAt;
    }

    private long blockEnd(int block) {
        return blockAt(block + 1);
    }

    private int nameFrom(int block) {
        return block == 0 ? 0 : nameTo(block - 1);
    }

    private int nameTo(int block) {
        return rows.getInt(block * IndexForm.TABLE_ROW_BYTES + Long.BYTES);
    }

    /// Reads one block into a reader. Throws CORRUPT.
    private void read(int first, int end, EntryReader reader) {
        byte[] read = read(first, end);
        reset(reader, first, read, first);
    }

    /// Reads the bytes of neighbouring blocks.
    byte[] read(int first, int end) {
        long from = blockAt(first);
        byte[] read = new byte[(int) (blockAt(end) - from)];
        bytes.read(from, ByteBuffer.wrap(read));
        return read;
    }

    /// Begins with one block of those that were read together. Throws CORRUPT when it does not have its
    /// checksum.
    void reset(EntryReader reader, int block, byte[] read, int first) {
        long at = blockAt(block);
        int from = (int) (at - blockAt(first));
        int to = (int) (blockEnd(block) - blockAt(first)) - IndexForm.CHECKSUM_BYTES;
        ByteBuffer all = ByteBuffer.wrap(read);
        if (XxHash64.hash(all.slice(from, to - from), at) != all.getLong(to)) {
            throw IndexForm.corrupt("a block without its checksum, at " + at);
        }
        reader.reset(read, from, to);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
