package io.forebay.transform.archive;

import io.forebay.transform.archive.model.Bounds;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import io.forebay.transform.archive.packed.Restart;
import io.forebay.transform.archive.tar.TarEntry;
import io.forebay.transform.archive.tar.TarMachine;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Finds the members of a tar whose bytes are handed to it as they arrive: it looks at headers, and passes
/// over data by arithmetic, so that it costs the same for a member of any size. For one thread at a time.
final class TarFeed {
    /// Takes what is found.
    @FunctionalInterface
    interface Visitor {
        void member(Member member, TarEntry entry);
    }

    private final Bounds bounds;
    private final Visitor visitor;
    private final TarMachine machine;
    private final ByteBuffer block = ByteBuffer.allocate(TarMachine.BLOCK_BYTES);
    private @Nullable Restart headersRestart;
    private long at;
    private long gap;
    private long sparseBytes;

    TarFeed(Bounds bounds, Visitor visitor) {
        this.bounds = bounds;
        this.visitor = visitor;
        this.machine = new TarMachine(bounds);
    }

    /// Takes all bytes that remain in the buffer, whose position stays. Throws INVALID_ARGUMENT and TOO_LARGE
    /// when the archive is refused.
    ///
    /// @param restart the restart point that the bytes belong to; null where there are none
    void accept(ByteBuffer bytes, @Nullable Restart restart) {
        int from = bytes.position();
        int limit = bytes.limit();
        while (from < limit && !machine.hasEnded()) {
            int count = (int) Math.min(gap, limit - from);
            if (count > 0) {
                pass(count);
                from += count;
                continue;
            }
            if (block.position() == 0 && machine.isBetween()) {
                headersRestart = restart;
            }
            int taken = Math.min(block.remaining(), limit - from);
            if (taken == TarMachine.BLOCK_BYTES) {
                take(bytes, from, restart);
            } else {
                gather(bytes, from, taken, restart);
            }
            from += taken;
        }
    }

    /// How many bytes of data lie before the next header.
    long gap() {
        return gap;
    }

    /// How many bytes complete the block of a header that is wanted next.
    int wanted() {
        return block.remaining();
    }

    /// Takes that so many bytes of data were passed over.
    void pass(long bytes) {
        gap -= bytes;
        at += bytes;
    }

    boolean hasEnded() {
        return machine.hasEnded();
    }

    /// Where the end of the archive is; known when it has ended or is complete.
    long endAt() {
        return machine.endAt();
    }

    /// Takes that no more bytes come. Throws INVALID_ARGUMENT when some are missing.
    void complete() {
        if (machine.hasEnded()) {
            return;
        }
        if (gap > 0) {
            throw Refusal.truncated("inside a member, at " + at);
        }
        if (block.position() > 0) {
            throw Refusal.truncated("inside a header, at " + (at + block.position()));
        }
        machine.complete(at);
    }

    private void gather(ByteBuffer bytes, int from, int count, @Nullable Restart restart) {
        block.put(block.position(), bytes, from, count);
        block.position(block.position() + count);
        if (!block.hasRemaining()) {
            block.clear();
            take(block, 0, restart);
        }
    }

    private void take(ByteBuffer bytes, int from, @Nullable Restart restart) {
        long blockAt = at;
        at += TarMachine.BLOCK_BYTES;
        if (machine.take(bytes, from, blockAt) != TarMachine.Step.ENTRY) {
            return;
        }
        TarEntry entry = machine.entry();
        gap = entry.blockBytes();
        if (entry.isFile()) {
            bounds.member();
            String name = MemberName.checked(entry.name(), bounds);
            visitor.member(new Member(name, entry.size(), entry.modifiedMillis(), location(entry, restart)), entry);
        }
    }

    private Location location(TarEntry entry, @Nullable Restart restart) {
        if (entry.sparse() == null) {
            return location(entry.dataAt(), restart);
        }
        sparseBytes += entry.size();
        bounds.expansion(entry.dataAt() + entry.storedBytes(), sparseBytes);
        return new Location.Sparse(location(entry.headersAt(), headersRestart));
    }

    private static Location location(long offset, @Nullable Restart restart) {
        return restart == null
                ? new Location.Verbatim(offset)
                : new Location.Packed(restart.frame(), restart.at(), offset - restart.unpackedAt());
    }
}
