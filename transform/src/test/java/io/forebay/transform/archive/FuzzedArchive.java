package io.forebay.transform.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What holds of every archive, whatever is in it: it is refused with words, or read the same in each way.
final class FuzzedArchive {
    private static final ArchiveLimits LIMITS = Archives.limits(Map.of(
            "max-members", "1000",
            "max-unpacked", "4MiB",
            "free-expansion", "1MiB",
            "max-header", "16KiB",
            "index-memory", "1MiB"));
    private static final int MAX_READS = 20;

    private final ArchiveFormat format;
    private final SeekableBytes archive;
    private final byte[] input;

    private FuzzedArchive(ArchiveFormat format, byte[] input) {
        this.format = format;
        this.input = input;
        this.archive = SeekableBytes.of(ByteBuffer.wrap(input));
    }

    static void check(ArchiveFormat format, byte[] input) {
        new FuzzedArchive(format, input).check();
    }

    private void check() {
        Map<String, Member> members = walked();
        for (int pieceBytes : new int[] {7, 1000, Math.max(1, input.length)}) {
            byte[] index = indexed(pieceBytes);
            // What is packed may be broken behind the end of the tar, which is noticed or not.
            if (!format.isPackedTar() && (index == null) != (members == null)) {
                throw new AssertionError("it is refused in one way, and read in another");
            }
            if (index != null && members != null && !members.equals(listed(index))) {
                throw new AssertionError(members + " are not " + listed(index));
            }
        }
        if (members != null) {
            readEach();
        }
    }

    /// The members as they are met, the first of each name; null when the archive is refused.
    private @Nullable Map<String, Member> walked() {
        Map<String, Member> members = new TreeMap<>();
        try (ArchiveReader reader = ArchiveReader.open(format, archive, LIMITS)) {
            for (Member member = reader.next(); member != null; member = reader.next()) {
                members.putIfAbsent(member.name(), member);
            }
            return members;
        } catch (StoreException e) {
            require(e);
            return null;
        }
    }

    /// The index of the archive when it arrives in pieces of that size; null when it is refused.
    private byte @Nullable [] indexed(int pieceBytes) {
        try (MemberIndexer indexer = new MemberIndexer(format, LIMITS)) {
            for (int at = 0; at < input.length; at += pieceBytes) {
                indexer.accept(ByteBuffer.wrap(input, at, Math.min(pieceBytes, input.length - at)));
            }
            try (ByteSource index = indexer.finish(archive)) {
                StoreException failure = indexer.failure();
                if (failure != null) {
                    require(failure);
                }
                return index == null ? null : all(index);
            }
        }
    }

    private static Map<String, Member> listed(byte[] index) {
        Map<String, Member> members = new TreeMap<>();
        MemberCursor cursor =
                MemberIndex.open(SeekableBytes.of(ByteBuffer.wrap(index))).list("", "");
        while (cursor.next()) {
            members.put(cursor.name(), cursor.member());
        }
        return members;
    }

    /// Reads members where they are, and as they are met.
    private void readEach() {
        try (ArchiveReader reader = ArchiveReader.open(format, archive, LIMITS)) {
            int reads = 0;
            for (Member member = reader.next(); member != null && reads < MAX_READS; member = reader.next()) {
                byte[] there = read(member);
                byte[] met;
                try (ByteSource content = reader.content()) {
                    met = all(content);
                }
                if (there != null && (!Arrays.equals(there, met) || met.length != member.size())) {
                    throw new AssertionError(member + " has other bytes where it is than as it is met");
                }
                reads++;
            }
        } catch (StoreException e) {
            require(e);
        }
    }

    private byte @Nullable [] read(Member member) {
        try (ByteSource content = MemberBytes.open(format, archive, member, LIMITS)) {
            return all(content);
        } catch (StoreException e) {
            require(e);
            return null;
        }
    }

    private static byte[] all(ByteSource source) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer next = source.next(); next != null; next = source.next()) {
            byte[] piece = new byte[next.remaining()];
            next.get(piece);
            out.writeBytes(piece);
            if (out.size() > 1 << 24) {
                throw new AssertionError("a member has more bytes than an archive may");
            }
        }
        return out.toByteArray();
    }

    private static void require(StoreException refusal) {
        boolean isExpected = refusal.code() == ErrorCode.INVALID_ARGUMENT
                || refusal.code() == ErrorCode.TOO_LARGE
                || refusal.code() == ErrorCode.UNSUPPORTED;
        if (!isExpected || refusal.text().isEmpty()) {
            throw new AssertionError("refused by " + refusal.code(), refusal);
        }
    }
}
