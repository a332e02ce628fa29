package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.ArchiveReader;
import io.forebay.transform.archive.MemberBytes;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveLimits;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Several members of an archive as a tar, in the order in which the archive has them: each is read where it is, and
/// what is packed as a whole is unpacked once. Lets go of the archive when it is closed.
final class SelectedMembers implements ByteSource {
    private static final int PIECE_BYTES = 128 << 10;

    private final Members members;
    private final ArchiveOutput output;
    private final Runnable whenClosed;
    private @Nullable ByteSource current;
    private boolean finished;

    SelectedMembers(Members members, long nowMillis, Runnable whenClosed) {
        this.members = members;
        this.output = new ArchiveOutput(ArchiveFormat.TAR, nowMillis);
        this.whenClosed = whenClosed;
    }

    /// The members to be sent, one after the other.
    interface Members extends AutoCloseable {
        /// The next one; null at the end.
        @Nullable
        Member next();

        /// The content of the one that `next` gave, which the caller closes.
        ByteSource content();

        @Override
        void close();

        static Members of(ArchiveFormat format, SeekableBytes archive, List<Member> members, ArchiveLimits limits) {
            return format.isPackedTar()
                    ? new Passed(ArchiveReader.open(format, archive, limits), members)
                    : new Located(format, archive, members, limits);
        }
    }

    @Override
    public long length() {
        return -1;
    }

    @Override
    public @Nullable ByteBuffer next() {
        while (output.ready() < PIECE_BYTES && !finished) {
            step();
        }
        return output.ready() == 0 ? null : output.take();
    }

    private void step() {
        ByteSource source = current;
        if (source == null) {
            begin(members.next());
            return;
        }
        ByteBuffer bytes = source.next();
        if (bytes != null) {
            output.write(bytes);
        } else {
            source.close();
            current = null;
            output.end();
        }
    }

    private void begin(@Nullable Member member) {
        if (member == null) {
            output.finish();
            finished = true;
        } else {
            output.begin(member.name(), member.size());
            current = members.content();
        }
    }

    @Override
    public void close() {
        try (members;
                output) {
            if (current != null) {
                current.close();
            }
        } finally {
            whenClosed.run();
        }
    }

    /// Each is where its location says.
    private static final class Located implements Members {
        private final ArchiveFormat format;
        private final SeekableBytes archive;
        private final Iterator<Member> members;
        private final ArchiveLimits limits;
        private @Nullable Member member;

        Located(ArchiveFormat format, SeekableBytes archive, List<Member> members, ArchiveLimits limits) {
            this.format = format;
            this.archive = archive;
            this.members = members.stream()
                    .sorted(Comparator.comparingLong(
                            (Member member) -> member.location().position()))
                    .iterator();
            this.limits = limits;
        }

        @Override
        public @Nullable Member next() {
            member = members.hasNext() ? members.next() : null;
            return member;
        }

        @Override
        public ByteSource content() {
            Member now = member;
            if (now == null) {
                throw new IllegalStateException("there is no member");
            }
            return MemberBytes.open(format, archive, now, limits);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    /// They are met while the archive is read from its beginning: of equal names the first.
    private static final class Passed implements Members {
        private final ArchiveReader reader;
        private final Map<String, Member> wanted = new HashMap<>();

        Passed(ArchiveReader reader, List<Member> members) {
            this.reader = reader;
            members.forEach(member -> wanted.put(member.name(), member));
        }

        @Override
        public @Nullable Member next() {
            while (!wanted.isEmpty()) {
                Member met = reader.next();
                if (met == null || wanted.remove(met.name()) != null) {
                    return met;
                }
            }
            return null;
        }

        @Override
        public ByteSource content() {
            return reader.content();
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
