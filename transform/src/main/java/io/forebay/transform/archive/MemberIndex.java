package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The members of an archive by name, encoded so that one is found by reading one block.
///
/// Blocks of about 4 KiB, each with its checksum, have the members in the order of their names' bytes; behind
/// them are the list of blocks with the first name of each, and a footer of a fixed length. Safe to share
/// between threads.
public final class MemberIndex {
    private static final int MAGIC = 0x464D4958;
    private static final byte VERSION = 1;
    private static final int FOOTER_BYTES = 28;
    private static final int BLOCK_BYTES = 4 << 10;
    private static final int MAX_BLOCK_BYTES = 256 << 10;

    private final RandomBytes bytes;
    private final ArchiveFormat format;
    private final int count;
    private final List<Block> blocks;

    private MemberIndex(RandomBytes bytes, ArchiveFormat format, int count, List<Block> blocks) {
        this.bytes = bytes;
        this.format = format;
        this.count = count;
        this.blocks = blocks;
    }

    /// One block.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares blocks.
    private record Block(byte[] first, long offset, int length) {}

    /// The format of the archive.
    public ArchiveFormat format() {
        return format;
    }

    /// How many members there are.
    public int count() {
        return count;
    }

    /// The index of the members in a table.
    public static byte[] encode(ArchiveFormat format, MemberTable table) {
        return new Encoder(format, table).encode();
    }

    /// Puts the members of a table into blocks.
    private static final class Encoder {
        private final ArchiveFormat format;
        private final MemberTable table;
        private final OutputBuffer out = new OutputBuffer();
        private final OutputBuffer block = new OutputBuffer();
        private final List<Block> blocks = new ArrayList<>();
        private byte[] first = new byte[0];
        private int members;

        Encoder(ArchiveFormat format, MemberTable table) {
            this.format = format;
            this.table = table;
        }

        byte[] encode() {
            table.forEachByName(this::add);
            endBlock();
            int listAt = out.ready();
            for (Block each : blocks) {
                putName(each.first, out);
                putNumber(each.offset, out);
                putNumber(each.length, out);
            }
            ByteBuffer body = out.take();
            ByteBuffer list = body.slice(listAt, body.remaining() - listAt);
            ByteBuffer all =
                    ByteBuffer.allocate(body.remaining() + FOOTER_BYTES).put(body);
            all.putLong(listAt).putInt(crc(list)).putInt(members).putInt(blocks.size());
            all.put(VERSION).put(format.code()).putShort((short) 0).putInt(MAGIC);
            return all.array();
        }

        private void add(int member) {
            if (block.ready() >= BLOCK_BYTES) {
                endBlock();
            }
            byte[] name = table.name(member);
            if (block.ready() == 0) {
                first = name;
            }
            putName(name, block);
            block.write(table.storage(member));
            putNumber(table.size(member), block);
            putNumber(table.offset(member), block);
            putNumber(table.length(member), block);
            members++;
        }

        private void endBlock() {
            if (block.ready() == 0) {
                return;
            }
            ByteBuffer content = block.take();
            blocks.add(new Block(first, out.ready(), content.remaining() + Integer.BYTES));
            int crc = crc(content);
            out.put(content);
            out.put(ByteBuffer.allocate(Integer.BYTES).putInt(crc).flip());
        }
    }

    /// Opens an index, of which it reads the list of blocks. Throws CORRUPT when it is none, or half of one.
    public static MemberIndex open(RandomBytes bytes) {
        try {
            long footerAt = bytes.length() - FOOTER_BYTES;
            if (footerAt < 0) {
                throw corrupt();
            }
            ByteBuffer footer = read(bytes, footerAt, FOOTER_BYTES);
            long listAt = footer.getLong();
            int crc = footer.getInt();
            int members = footer.getInt();
            int blockCount = footer.getInt();
            byte version = footer.get();
            ArchiveFormat format = ArchiveFormat.ofCode(footer.get());
            footer.getShort();
            int magic = footer.getInt();
            if (format == null) {
                throw corrupt();
            }
            boolean sound = magic == MAGIC
                    && version == VERSION
                    && listAt >= 0
                    && listAt <= footerAt
                    && footerAt - listAt <= Integer.MAX_VALUE
                    && blockCount >= 0;
            if (!sound) {
                throw corrupt();
            }
            ByteBuffer list = read(bytes, listAt, (int) (footerAt - listAt));
            if (crc(list) != crc) {
                throw corrupt();
            }
            return new MemberIndex(bytes, format, members, blocks(list, blockCount, listAt));
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new StoreException(ErrorCode.CORRUPT, "the index of an archive is damaged", e);
        }
    }

    private static List<Block> blocks(ByteBuffer list, int count, long end) {
        List<Block> blocks = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            byte[] first = name(list);
            long offset = number(list);
            int length = Math.toIntExact(number(list));
            if (offset < 0 || length < Integer.BYTES || length > MAX_BLOCK_BYTES || offset > end - length) {
                throw corrupt();
            }
            blocks.add(new Block(first, offset, length));
        }
        return blocks;
    }

    /// The member of that name, or null. Reads one block. Throws CORRUPT.
    public @Nullable Member find(String name) {
        String plain = MemberTable.plain(name);
        int block = blockOf(plain.getBytes(StandardCharsets.UTF_8));
        if (block >= 0) {
            for (Member member : members(blocks.get(block))) {
                if (member.name().equals(plain)) {
                    return member;
                }
            }
        }
        return null;
    }

    /// The members that a filter takes by their names, in the order of these. Throws TOO_LARGE when they are
    /// more than the limit, and CORRUPT.
    public List<Member> select(Predicate<String> filter, int limit) {
        List<Member> found = new ArrayList<>();
        for (Block block : blocks) {
            for (Member member : members(block)) {
                if (filter.test(member.name())) {
                    if (found.size() == limit) {
                        throw new StoreException(ErrorCode.TOO_LARGE, "more than " + limit + " members are selected");
                    }
                    found.add(member);
                }
            }
        }
        return found;
    }

    /// Up to `limit` members behind a name of those whose names begin with a prefix, in the order of these.
    /// Reads the blocks that have them. Throws CORRUPT.
    ///
    /// @param after only names strictly greater in UTF-8 byte order; empty for the beginning
    public List<Member> page(String prefix, String after, int limit) {
        byte[] begin = prefix.getBytes(StandardCharsets.UTF_8);
        byte[] past = after.getBytes(StandardCharsets.UTF_8);
        byte[] from = Arrays.compareUnsigned(begin, past) > 0 ? begin : past;
        List<Member> found = new ArrayList<>();
        for (int block = Math.max(0, blockOf(from)); block < blocks.size(); block++) {
            for (Member member : members(blocks.get(block))) {
                byte[] name = member.name().getBytes(StandardCharsets.UTF_8);
                if (member.name().startsWith(prefix) && Arrays.compareUnsigned(name, past) > 0) {
                    found.add(member);
                }
                boolean behind = !member.name().startsWith(prefix) && Arrays.compareUnsigned(name, begin) > 0;
                if (behind || found.size() == limit) {
                    return found;
                }
            }
        }
        return found;
    }

    /// The block that has a name if any has; -1 when it is before all.
    private int blockOf(byte[] name) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (Arrays.compareUnsigned(blocks.get(middle).first, name) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private List<Member> members(Block block) {
        ByteBuffer content = read(bytes, block.offset, block.length);
        int crc = content.getInt(block.length - Integer.BYTES);
        content.limit(block.length - Integer.BYTES);
        if (crc(content) != crc) {
            throw corrupt();
        }
        List<Member> members = new ArrayList<>();
        try {
            while (content.hasRemaining()) {
                String name = new String(name(content), StandardCharsets.UTF_8);
                Member.Storage storage = Member.Storage.ofCode(content.get());
                if (storage == null) {
                    throw corrupt();
                }
                members.add(new Member(name, number(content), storage, number(content), number(content)));
            }
        } catch (BufferUnderflowException | ArithmeticException e) {
            throw new StoreException(ErrorCode.CORRUPT, "the index of an archive is damaged", e);
        }
        return members;
    }

    private static ByteBuffer read(RandomBytes bytes, long from, int count) {
        ByteBuffer target = ByteBuffer.allocate(count);
        if (count > 0) {
            bytes.read(from, target);
        }
        return target.flip();
    }

    private static int crc(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        return (int) crc.getValue();
    }

    private static void putName(byte[] name, OutputBuffer out) {
        putNumber(name.length, out);
        out.write(name, 0, name.length);
    }

    /// Seven bits a byte, the lowest first; the last has its highest bit clear.
    private static void putNumber(long value, OutputBuffer out) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            out.write((int) ((left & 0x7F) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static byte[] name(ByteBuffer in) {
        int length = Math.toIntExact(number(in));
        if (length < 0 || length > in.remaining()) {
            throw corrupt();
        }
        byte[] name = new byte[length];
        in.get(name);
        return name;
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw corrupt();
    }

    private static StoreException corrupt() {
        return new StoreException(ErrorCode.CORRUPT, "the index of an archive is damaged");
    }
}
