package io.forebay.storage.archive;

import io.forebay.common.io.ByteSource;
import io.forebay.transform.archive.ArchiveFormat;
import io.forebay.transform.archive.ArchiveOutput;
import io.forebay.transform.archive.Member;
import io.forebay.transform.archive.RandomBytes;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several members of an archive as a tar, in the order in which the archive has them. Lets go of the archive
/// when it is closed.
final class SelectedMembers implements ByteSource {
    private static final int PIECE_BYTES = 128 << 10;

    private final ArchiveFormat format;
    private final RandomBytes archive;
    private final Iterator<Member> members;
    private final ArchiveOutput output;
    private final Runnable whenClosed;
    private @Nullable MemberSource current;
    private boolean finished;

    SelectedMembers(
            ArchiveFormat format, RandomBytes archive, List<Member> members, long nowSeconds, Runnable whenClosed) {
        this.format = format;
        this.archive = archive;
        this.members = members.stream()
                .sorted(Comparator.comparingLong(Member::offset))
                .toList()
                .iterator();
        this.output = ArchiveFormat.TAR.open(nowSeconds);
        this.whenClosed = whenClosed;
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
        MemberSource source = current;
        if (source != null) {
            ByteBuffer bytes = source.next();
            if (bytes != null) {
                output.write(bytes);
            } else {
                source.close();
                current = null;
                output.end();
            }
        } else if (members.hasNext()) {
            Member member = members.next();
            current = new MemberSource(format, archive, member, 0, member.size(), () -> {});
            output.begin(member.name(), member.size());
        } else {
            output.finish();
            finished = true;
        }
    }

    @Override
    public void close() {
        try {
            if (current != null) {
                current.close();
            }
        } finally {
            output.close();
            whenClosed.run();
        }
    }
}
