package io.forebay.storage.archive;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.RangeHeader;
import io.forebay.protocol.http.Payload;
import io.forebay.storage.object.Sidecar;
import io.forebay.transform.archive.MemberBytes;
import io.forebay.transform.archive.MemberSelection;
import io.forebay.transform.archive.index.MemberCursor;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.Location;
import io.forebay.transform.archive.model.Member;
import io.forebay.transform.archive.model.SeekableBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The reading of members of one archive: decided from the index beside it before a byte moves, where there
/// is one; else all of the archive is opened, and its members are found first. For one request; decided anew
/// for each state of the object that it meets.
public final class ArchiveRead {
    private final ObjectArchives archives;
    private final Asked asked;
    private Sidecar sidecar = Sidecar.NONE;
    private @Nullable Found found;
    private boolean direct;

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
            MemberSelection selection,
            @Nullable String range) {}

    /// What was found of it.
    ///
    /// @param members one, or those of a selection; none when there are none
    /// @param range of the one member; null for all, or when none of its bytes are wanted
    private record Found(
            ArchiveFormat format,
            List<Member> members,
            @Nullable ByteRange range) {}

    /// What has to be opened of an archive of that size; null for nothing.
    ///
    /// @param beside what is kept beside the archive
    public @Nullable ByteRange needed(long size, Sidecar beside) {
        sidecar = beside;
        direct = false;
        Found known = archives.lookUp(beside, this::find);
        found = known;
        ByteRange all = size == 0 ? null : new ByteRange(0, size);
        if (known == null || asked.member == null) {
            return all;
        }
        ByteRange range = known.range;
        if (known.members.isEmpty() || range == null) {
            return null;
        }
        direct = known.members.getFirst().location() instanceof Location.Verbatim;
        return direct
                ? new ByteRange(known.members.getFirst().location().position() + range.offset(), range.length())
                : all;
    }

    private Found find(MemberIndex known) {
        String name = asked.member;
        if (name == null) {
            return new Found(known.format(), selected(known), null);
        }
        Member member = known.find(name);
        return member == null
                ? new Found(known.format(), List.of(), null)
                : new Found(known.format(), List.of(member), wanted(member.size()));
    }

    /// Throws TOO_LARGE.
    private List<Member> selected(MemberIndex known) {
        int most = archives.config().maxSelected();
        List<Member> selected = new ArrayList<>();
        MemberCursor members = known.list(asked.selection.prefix(), "");
        while (members.next()) {
            if (asked.selection.matches(members.name())) {
                if (selected.size() == most) {
                    throw new StoreException(
                            ErrorCode.TOO_LARGE, "more than " + most + " members are selected (limit max-selected)");
                }
                selected.add(members.member());
            }
        }
        return selected;
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

    /// What is sent of the archive that was read.
    ///
    /// @param payload whose closing lets go of the archive
    /// @param range of the member that it has, and its size; null for all
    public record Content(Payload payload, @Nullable ByteRange range, long size) {}

    /// The content that was asked for; takes over the slices. Throws NO_SUCH_SAMPLE, RANGE_NOT_SATISFIABLE,
    /// and what finding the members throws; the slices are closed then.
    ///
    /// @param archive the bytes of the archive, where they are not the slices'; or null
    public Content content(List<FileSlice> slices, @Nullable SeekableBytes archive, long nowMillis) {
        boolean handedOn = false;
        try {
            Found known = found;
            SeekableBytes bytes = archive == null ? SeekableBytes.of(slices) : archive;
            if (known == null) {
                known = archives.index(asked.format, bytes, sidecar, asked.archive, this::find);
            }
            requireFound(known);
            Runnable whenClosed = () -> slices.forEach(FileSlice::close);
            Content content = asked.member == null
                    ? new Content(
                            new Payload.Stream(new SelectedMembers(members(known, bytes), nowMillis, whenClosed)),
                            null,
                            -1)
                    : one(known, slices, bytes, whenClosed);
            handedOn = true;
            return content;
        } finally {
            if (!handedOn) {
                slices.forEach(FileSlice::close);
            }
        }
    }

    private void requireFound(Found known) {
        if (known.members.isEmpty()) {
            throw new StoreException(
                    ErrorCode.NO_SUCH_SAMPLE,
                    asked.member == null
                            ? "no member of " + asked.archive + " is selected"
                            : "\"" + asked.member + "\" is not in " + asked.archive);
        }
    }

    private SelectedMembers.Members members(Found known, SeekableBytes bytes) {
        return SelectedMembers.Members.of(
                known.format, bytes, known.members, archives.config().limits());
    }

    private Content one(Found known, List<FileSlice> slices, SeekableBytes bytes, Runnable whenClosed) {
        Member member = known.members.getFirst();
        ByteRange range = known.range;
        ByteRange told = asked.range == null ? null : range;
        if (range == null) {
            whenClosed.run();
            return new Content(Payload.none(), told, member.size());
        }
        if (direct) {
            return new Content(new Payload.Slices(slices), told, member.size());
        }
        ByteSource content = MemberBytes.open(
                known.format, bytes, member, archives.config().limits(), range.offset(), range.length());
        return new Content(new Payload.Stream(new ClosingSource(content, whenClosed)), told, member.size());
    }
}
