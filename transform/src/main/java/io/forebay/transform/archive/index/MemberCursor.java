package io.forebay.transform.archive.index;

import io.forebay.transform.archive.model.Member;
import java.util.Arrays;

/// Walks the members of an index in the order of their names. For one thread at a time; holds nothing open.
public final class MemberCursor {
    /// Blocks that are read together at most, once a cursor has gone on for a while.
    private static final int MAX_BLOCKS = 16;

    private final MemberIndex index;
    private final byte[] prefix;
    private final byte[] after;
    private final EntryReader reader = new EntryReader();
    private byte[] read = new byte[0];
    private int first;
    private int readTo;
    private int following;
    private int together = 1;
    private boolean isPositioned;
    private boolean ended;

    MemberCursor(MemberIndex index, byte[] prefix, byte[] after) {
        this.index = index;
        this.prefix = prefix;
        this.after = after;
        byte[] start = Arrays.compareUnsigned(prefix, after) > 0 ? prefix : after;
        this.following = Math.max(0, index.blockOf(start));
        this.readTo = following;
    }

    /// Moves on to the next member; false behind the last one. Throws CORRUPT when a block does not have its
    /// checksum.
    public boolean next() {
        while (!ended) {
            if (!reader.next()) {
                ended = !nextBlock();
                continue;
            }
            Entry entry = reader.entry();
            if (!isPositioned) {
                if (entry.compareName(after, 0, after.length) <= 0 || entry.compareName(prefix, 0, prefix.length) < 0) {
                    continue;
                }
                isPositioned = true;
            }
            ended = !entry.startsWith(prefix);
            if (!ended) {
                return true;
            }
        }
        return false;
    }

    /// The name of the member moved to.
    public String name() {
        return reader.entry().text();
    }

    /// Its size in bytes.
    public long size() {
        return reader.entry().size;
    }

    /// When it was modified, in milliseconds since the epoch.
    public long modifiedMillis() {
        return reader.entry().modifiedMillis;
    }

    /// All of it.
    public Member member() {
        return reader.entry().member();
    }

    private boolean nextBlock() {
        if (following >= index.blocks()) {
            return false;
        }
        if (following >= readTo) {
            first = following;
            readTo = Math.min(index.blocks(), first + together);
            read = index.read(first, readTo);
            together = Math.min(MAX_BLOCKS, 2 * together);
        }
        index.reset(reader, following, read, first);
        following++;
        return true;
    }
}
