package io.forebay.storage.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.RangeHeader;
import io.forebay.protocol.http.Payload;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.ArchiveFormat;
import io.forebay.transform.archive.Member;
import io.forebay.transform.archive.MemberIndex;
import io.forebay.transform.archive.RandomBytes;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The reading of members of one archive: decided from the index beside it before a byte moves, where there
/// is one; else all of the archive is opened, and its members are found first. For one request; decided anew
/// for each state of the object that it meets.
public final class ArchiveRead {
    private final ObjectArchives archives;
    private final Asked asked;
    private Sidecar sidecar = Sidecar.NONE;
    private @Nullable MemberIndex index;
    private @Nullable Found found;

    public ArchiveRead(ObjectArchives archives, Asked asked) {
        this.archives = archives;
        this.asked = asked;
    }

    /// What is asked for.
    ///
    /// @param archive how messages name it
    /// @param format of the archive; null for the one that its first bytes show
    /// @param member its name; null for those of a selection
    /// @param selection by names
    /// @param range of the member's content, as a `Range` header has it; null for all
    public record Asked(
            String archive,
            @Nullable ArchiveFormat format,
            @Nullable String member,
            Predicate<String> selection,
            @Nullable String range) {}

    /// What was found of it.
    ///
    /// @param members one, or those of a selection; none when there are none
    /// @param range of the one member; null for all, or when none of its bytes are wanted
    private record Found(
            ArchiveFormat format,
            List<Member> members,
            @Nullable ByteRange range) {
        boolean isVerbatim() {
            return members.size() == 1 && members.getFirst().storage() == Member.Storage.VERBATIM;
        }
    }

    /// What has to be opened of an archive of that size; null for nothing.
    ///
    /// @param beside what is kept beside the archive
    public @Nullable ByteRange needed(long size, Sidecar beside) {
        sidecar = beside;
        found = archives.lookUp(beside, this::find);
        Found known = found;
        if (known != null && asked.member != null && known.members.isEmpty()) {
            return null;
        }
        if (isDirect()) {
            Member member = known == null ? null : known.members.getFirst();
            ByteRange range = known == null ? null : known.range;
            return member == null || range == null
                    ? null
                    : new ByteRange(member.offset() + range.offset(), range.length());
        }
        return size == 0 ? null : new ByteRange(0, size);
    }

    private Found find(MemberIndex known) {
        String name = asked.member;
        if (name == null) {
            return new Found(
                    known.format(),
                    known.select(asked.selection, archives.config().maxSelected()),
                    null);
        }
        Member member = known.find(name);
        return member == null
                ? new Found(known.format(), List.of(), null)
                : new Found(known.format(), List.of(member), wanted(member.size()));
    }

    /// Throws RANGE_NOT_SATISFIABLE.
    private @Nullable ByteRange wanted(long size) {
        if (asked.range == null) {
            return size == 0 ? null : new ByteRange(0, size);
        }
        RangeHeader header = RangeHeader.parse(asked.range);
        ByteRange range = header == null ? null : header.resolve(size);
        if (range == null) {
            throw new StoreException(
                    ErrorCode.RANGE_NOT_SATISFIABLE, "size=" + size + ": not satisfiable range [" + asked.range + "]");
        }
        return range;
    }

    /// Whether the slices that are opened are the member's own bytes, and nothing else is needed.
    private boolean isDirect() {
        Found known = found;
        return known != null && asked.member != null && known.isVerbatim();
    }

    /// What is sent of the archive that was read.
    ///
    /// @param payload whose closing lets go of the archive
    /// @param range of the member that it has, and its size; null for all
    public record Content(Payload payload, @Nullable ByteRange range, long size) {}

    /// The content that was asked for; takes over the slices. Throws NO_SUCH_SAMPLE, RANGE_NOT_SATISFIABLE,
    /// and what finding the members throws; the slices are closed then.
    ///
    /// @param archive the bytes of the archive, where they are not the slices'; or null
    public Content content(List<FileSlice> slices, @Nullable RandomBytes archive, long nowSeconds) {
        boolean handedOn = false;
        try {
            RandomBytes bytes = archive == null ? new SliceBytes(slices) : archive;
            if (found == null) {
                MemberIndex made = archives.index(asked.format, bytes, sidecar, asked.archive);
                index = made;
                found = find(made);
            }
            Content content = opened(slices, bytes, nowSeconds);
            handedOn = true;
            return content;
        } finally {
            if (!handedOn) {
                slices.forEach(FileSlice::close);
            }
        }
    }

    private Content opened(List<FileSlice> slices, RandomBytes bytes, long nowSeconds) {
        Found known = Objects.requireNonNull(found, "found before");
        if (known.members.isEmpty()) {
            throw new StoreException(
                    ErrorCode.NO_SUCH_SAMPLE,
                    asked.member == null
                            ? "no member of " + asked.archive + " is selected"
                            : "\"" + asked.member + "\" is not in " + asked.archive);
        }
        Runnable whenClosed = () -> slices.forEach(FileSlice::close);
        if (asked.member == null) {
            return new Content(
                    new Payload.Stream(new SelectedMembers(known.format, bytes, known.members, nowSeconds, whenClosed)),
                    null,
                    -1);
        }
        Member member = known.members.getFirst();
        ByteRange range = known.range;
        ByteRange told = asked.range == null ? null : range;
        if (range == null) {
            whenClosed.run();
            return new Content(Payload.none(), told, member.size());
        }
        boolean direct = isDirect() && index == null;
        Payload payload = direct
                ? new Payload.Slices(slices)
                : new Payload.Stream(
                        new MemberSource(known.format, bytes, member, range.offset(), range.length(), whenClosed));
        return new Content(payload, told, member.size());
    }
}
