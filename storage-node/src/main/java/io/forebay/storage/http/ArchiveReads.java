package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.archive.ArchiveRead;
import io.forebay.storage.archive.MemberNames;
import io.forebay.storage.archive.ObjectArchives;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Sidecar;
import io.forebay.storage.object.Waiting;
import io.forebay.transform.archive.MemberSelection;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.SeekableBytes;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// GET of members of an archive: of one by `archpath`, also a range of it, or of several by `archregx` and
/// `archmode` as a tar (AIStore `ais/tgtobj.go`).
final class ArchiveReads {
    private final ObjectStore store;
    private final ObjectArchives archives;
    private final Encryptions encryptions;
    private final NodeErrors errors;
    private final InstantSource clock;

    ArchiveReads(
            ObjectStore store,
            ObjectArchives archives,
            Encryptions encryptions,
            NodeErrors errors,
            InstantSource clock) {
        this.store = store;
        this.archives = archives;
        this.encryptions = encryptions;
        this.errors = errors;
        this.clock = clock;
    }

    /// Whether a request means members of an archive: empty parameters count as absent, but a mode may be
    /// empty.
    static boolean areAskedBy(Query query) {
        return !query.find(AisQuery.ARCHIVE_PATH, "").isEmpty() || query.contains(AisQuery.ARCHIVE_MODE);
    }

    /// Throws NO_SUCH_OBJECT, NO_SUCH_SAMPLE, RANGE_NOT_SATISFIABLE, INVALID_ARGUMENT for what is no archive
    /// or no rule of selection, UNSUPPORTED, TOO_LARGE, and what reading an object throws.
    Reply get(ObjectRequest request) {
        ArchiveRead.Asked asked = asked(request);
        ArchiveRead read = new ArchiveRead(archives, asked);
        return reading(
                request,
                read::needed,
                (slices, decrypted) -> reply(asked, read.content(slices, decrypted, clock.millis())));
    }

    /// One page of the names of an archive's members, as a `MembersRequest` asks for it. Throws
    /// NO_SUCH_OBJECT, INVALID_ARGUMENT for what is no archive, UNSUPPORTED, TOO_LARGE, and what reading an
    /// object throws.
    Reply members(ObjectRequest request) {
        MemberNames names = new MemberNames(archives, request.key(), MembersRequest.of(request.query()));
        return reading(request, names::needed, (slices, decrypted) -> JsonReply.of(names.found(slices, decrypted)));
    }

    /// @param needed what of an archive is opened that is not encrypted, by its size and what is beside it
    /// @param answer takes over the slices of what was opened, and an archive that was decrypted, or null
    private Reply reading(
            ObjectRequest request,
            BiFunction<Long, Sidecar, @Nullable ByteRange> needed,
            BiFunction<List<FileSlice>, @Nullable SeekableBytes, Reply> answer) {
        if (!request.exchange().mayWait()) {
            return Reply.WOULD_WAIT;
        }
        ArchiveChoice choice = new ArchiveChoice(request, encryptions, archives.config(), needed);
        return switch (store.read(request.bucket(), request.key(), Waiting.ALLOWED, choice)) {
            case ReadOutcome.WouldWait wait -> Reply.WOULD_WAIT;
            case ReadOutcome.Absent absent -> {
                HeldRequest.checkAbsent(request);
                throw errors.noSuchObject(request.key());
            }
            case ReadOutcome.Found found -> {
                requireHeld(request, found);
                yield answer.apply(found.slices(), choice.decrypted(found));
            }
        };
    }

    private static void requireHeld(ObjectRequest request, ReadOutcome.Found found) {
        try {
            HeldRequest.check(request, found.record());
        } catch (StoreException e) {
            found.slices().forEach(FileSlice::close);
            throw e;
        }
    }

    private static ArchiveRead.Asked asked(ObjectRequest request) {
        Query query = request.query();
        String path = query.find(AisQuery.ARCHIVE_PATH, "");
        String mime = query.find(AisQuery.ARCHIVE_MIME, "");
        String mode = query.find(AisQuery.ARCHIVE_MODE);
        Check.argument(path.isEmpty() || mode == null, "both archpath and archmode are given: expecting one of them");
        Check.argument(!MemberName.leadsOut(path), "invalid archpath \"%s\"", path);
        String range = request.headers().find("Range");
        Check.argument(!path.isEmpty() || range == null, "cannot range-read several members of %s", request.key());
        return new ArchiveRead.Asked(
                request.key().toString(),
                ArchiveFormat.said(request.key().name(), mime),
                path.isEmpty() ? null : MemberName.asked(path),
                MemberSelection.of(mode == null ? "" : mode, query.find(AisQuery.ARCHIVE_REGEX, "")),
                range);
    }

    private static Reply reply(ArchiveRead.Asked asked, ArchiveRead.Content content) {
        Headers headers = new Headers();
        if (asked.member() == null) {
            headers.add("Content-Type", ArchiveFormat.TAR.contentType());
            return new Reply(200, headers, content.payload());
        }
        headers.add("Content-Type", "application/octet-stream");
        ByteRange range = content.range();
        if (range != null) {
            headers.add("Accept-Ranges", "bytes");
            headers.add("Content-Range", "bytes " + range.offset() + "-" + range.last() + "/" + content.size());
        }
        return new Reply(range == null ? 200 : 206, headers, content.payload());
    }
}
