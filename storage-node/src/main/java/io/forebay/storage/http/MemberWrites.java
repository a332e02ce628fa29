package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.archive.NewMember;
import io.forebay.storage.archive.ObjectArchives;
import io.forebay.storage.archive.OpenArchive;
import io.forebay.storage.crypto.Sealer;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Sidecar;
import io.forebay.storage.object.StripedLock;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.ArchiveSink;
import io.forebay.transform.archive.model.MemberName;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// PUT of one member of an archive by `archpath`: the body is appended to the archive, or makes a new one
/// (AIStore `ais/tgtobj.go`).
///
/// The body is here before the archive is looked at. Whoever else changes the archive meanwhile is not
/// overwritten: the member is appended to what that one left.
final class MemberWrites {
    private static final int MAX_ATTEMPTS = 20;

    private final ObjectStore store;
    private final ObjectArchives archives;
    private final Encryptions encryptions;
    private final NodeErrors errors;
    private final Intake intake;
    private final InstantSource clock;

    /// Members of one archive are appended one after the other, rather than in vain at once.
    private final StripedLock locks = new StripedLock(64);

    MemberWrites(
            ObjectStore store,
            ObjectArchives archives,
            Encryptions encryptions,
            NodeErrors errors,
            Intake intake,
            InstantSource clock) {
        this.store = store;
        this.archives = archives;
        this.encryptions = encryptions;
        this.errors = errors;
        this.intake = intake;
        this.clock = clock;
    }

    /// Whether a request means a member of an archive.
    static boolean isAskedBy(Query query) {
        return !query.find(AisQuery.ARCHIVE_PATH, "").isEmpty();
    }

    /// What is to become of an archive that is there (`Ais-Pine`).
    private enum Mode {
        /// A new one takes its place.
        CREATE,
        /// It is extended, and must be there.
        APPEND,
        /// It is extended, or made.
        APPEND_OR_CREATE;

        static Mode of(String flags) {
            return switch (flags) {
                case "", "0" -> CREATE;
                case "1" -> APPEND;
                case "2", "3" -> APPEND_OR_CREATE;
                default ->
                    throw new StoreException(
                            ErrorCode.INVALID_ARGUMENT,
                            "invalid " + AisHeaders.PUT_IN_ARCHIVE + " \"" + flags
                                    + "\" (expecting 0 to create, 1 to append, 2 to append if the archive exists)");
            };
        }
    }

    /// Throws NO_SUCH_OBJECT when the archive must be there and is not, INVALID_ARGUMENT for a name that no
    /// member can have, a body without a length and what is no archive, UNSUPPORTED, TOO_LARGE,
    /// PRECONDITION_FAILED, IN_USE when others go on changing the archive, and what writing an object throws.
    Reply put(ObjectRequest request) {
        Mode mode = Mode.of(request.headers().find(AisHeaders.PUT_IN_ARCHIVE, ""));
        String name = MemberName.asked(request.query().find(AisQuery.ARCHIVE_PATH, ""));
        NativePath.checkObjectName(name, true);
        Body body = request.exchange().body();
        Check.argument(body.length() >= 0, "Content-Length is required to write %s in %s", name, request.key());
        ChecksumDemands demands = ChecksumDemands.of(request.headers(), request.bucket());
        Sealing sealing = encryptions.ofNew(request);
        WriteOptions options =
                new WriteOptions(body.length(), List.of(), demands.verify(), Map.of(), Map.of(), sealer(sealing));
        ObjectRecord record = intake.take(
                request,
                body,
                session -> {
                    demands.expected().forEach(session::expect);
                    NewMember member = new NewMember(name, session.complete(), clock.millis());
                    return written(request, mode, member, demands.keep());
                },
                () -> store.begin(request.bucket(), request.key(), options));
        return ObjectWrites.stored(request, record);
    }

    private ObjectRecord written(ObjectRequest request, Mode mode, NewMember member, List<ChecksumType> keep) {
        Lock lock = locks.of(request.key());
        lock.lock();
        try {
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                ObjectRecord record = attempt(request, mode, member, keep);
                if (record != null) {
                    return record;
                }
            }
        } finally {
            lock.unlock();
        }
        throw new StoreException(
                ErrorCode.IN_USE, request.key() + " changes again and again while a member is appended to it");
    }

    /// Null when somebody else has changed the archive since it was looked at.
    private @Nullable ObjectRecord attempt(
            ObjectRequest request, Mode mode, NewMember member, List<ChecksumType> keep) {
        Conditions conditions = WriteConditions.of(request.headers());
        if (mode == Mode.CREATE) {
            return create(request, member, keep, conditions);
        }
        Beside beside = new Beside();
        ArchiveChoice choice = new ArchiveChoice(request, encryptions, archives.config(), beside::needed);
        ReadOutcome outcome = store.read(request.bucket(), request.key(), Waiting.ALLOWED, choice);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            conditions.check(request.key(), null);
            if (mode == Mode.APPEND) {
                throw errors.noSuchObject(request.key());
            }
            return unlessChanged(() -> create(request, member, keep, Conditions.ABSENT));
        }
        try (OpenArchive archive = open(request, found, choice, beside.sidecar)) {
            conditions.check(request.key(), found.record());
            return unlessChanged(() -> extended(request, found.record(), choice.told(found), archive, member));
        }
    }

    /// A change that is held to what was looked at.
    @FunctionalInterface
    private interface HeldChange {
        ObjectRecord make();
    }

    private static @Nullable ObjectRecord unlessChanged(HeldChange change) {
        try {
            return change.make();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.PRECONDITION_FAILED && e.code() != ErrorCode.NO_SUCH_OBJECT) {
                throw e;
            }
            return null;
        }
    }

    private OpenArchive open(ObjectRequest request, ReadOutcome.Found found, ArchiveChoice choice, Sidecar sidecar) {
        ArchiveFormat format =
                ArchiveFormat.said(request.key().name(), request.query().find(AisQuery.ARCHIVE_MIME, ""));
        return archives.open(
                format,
                found.slices(),
                choice.decrypted(found),
                sidecar,
                request.key().toString());
    }

    private ObjectRecord extended(
            ObjectRequest request, ObjectRecord stored, ObjectRecord told, OpenArchive archive, NewMember member) {
        ObjectKey key = request.key();
        ObjectRecord inPlace = archives.extend(store, request.bucket(), key, stored, archive, member);
        if (inPlace != null) {
            return inPlace;
        }
        Sealing sealing = encryptions.ofCopy(request, told);
        WriteOptions options = new WriteOptions(
                -1,
                told.checksums().stream().map(Checksum::type).toList(),
                List.of(),
                told.system(),
                told.custom(),
                sealer(sealing),
                sealing == null ? archives.follower(key.name()) : null);
        return write(
                request, options, Conditions.matching(List.of(stored.etag())), sink -> archive.rewrite(member, sink));
    }

    private ObjectRecord create(
            ObjectRequest request, NewMember member, List<ChecksumType> keep, Conditions conditions) {
        ArchiveFormat format =
                ArchiveFormat.ofNew(request.key().name(), request.query().find(AisQuery.ARCHIVE_MIME, ""));
        Sealing sealing = encryptions.ofNew(request);
        WriteOptions options = new WriteOptions(
                -1,
                keep,
                List.of(),
                Map.of(),
                CustomMetadata.read(request.headers()),
                sealer(sealing),
                sealing == null ? archives.follower(request.key().name()) : null);
        return write(request, options, conditions, sink -> member.writeAlone(format, sink));
    }

    private ObjectRecord write(
            ObjectRequest request, WriteOptions options, Conditions conditions, Consumer<ArchiveSink> archive) {
        try (WriteSession session = store.begin(request.bucket(), request.key(), options)) {
            archive.accept(session::write);
            ObjectRecord record = session.commit(conditions);
            archives.wroteAnew();
            return record;
        }
    }

    private static @Nullable Sealer sealer(@Nullable Sealing sealing) {
        return sealing == null ? null : sealing.sealer();
    }

    /// All of an archive is opened, with what is beside it.
    private static final class Beside {
        private Sidecar sidecar = Sidecar.NONE;

        @Nullable
        ByteRange needed(long size, Sidecar found) {
            sidecar = found;
            return size == 0 ? null : new ByteRange(0, size);
        }
    }
}
