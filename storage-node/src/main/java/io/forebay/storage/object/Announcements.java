package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Versioning;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Has changes announced: what is to be told of one comes into the outbox with it.
final class Announcements {
    private final Announcer announcer;
    private final Outbox outbox;

    Announcements(Announcer announcer, Outbox outbox) {
        this.announcer = announcer;
        this.outbox = outbox;
    }

    /// What is to be told of one change.
    ///
    /// @param puts belong into the change's own commit
    record Announcement(List<Notice> notices, List<Mutation> puts) {
        static final Announcement NONE = new Announcement(List.of(), List.of());

        /// Its part of a commit.
        List<Placed> on(VolumeStore store) {
            return puts.stream().map(put -> new Placed(store, put)).toList();
        }
    }

    /// Throws BUSY when nothing of the bucket may change because too much waits to be told.
    void admit(Bucket bucket) {
        announcer.admit(bucket);
    }

    /// Of a change that is about to be committed; its key's lock is held.
    ///
    /// @param key names the version that is removed, or made by a removal
    /// @param draft what the object becomes, or null when it is removed
    Announcement of(Bucket bucket, ObjectKey key, Change.Kind kind, @Nullable RecordDraft draft) {
        if (!announcer.listens(bucket)) {
            return Announcement.NONE;
        }
        ObjectRecord record =
                draft == null ? null : ObjectRecord.of(draft.withExtents(null).encode());
        long number = outbox.nextNumber();
        ObjectKey told = record == null || bucket.versioning() == Versioning.OFF ? key : key.at(record.versionId());
        List<Notice> notices = announcer.of(bucket, told, new Change(kind, record, number));
        return notices.isEmpty() ? Announcement.NONE : new Announcement(notices, outbox.puts(number, notices));
    }

    /// The change has been committed.
    void made(Announcement announcement) {
        if (!announcement.notices.isEmpty()) {
            announcer.kept(announcement.notices);
        }
    }
}
