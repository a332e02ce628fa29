package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.Held;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Upload;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What this node has of many keys at once, for a node that gathers its own or compares copies.
final class PeerPages {
    static final int MAX_KEYS = 10_000;
    private static final System.Logger LOG = System.getLogger(PeerPages.class.getName());

    private final Fence fence;
    private final ObjectStore store;
    private final PeerConfig config;

    PeerPages(Fence fence, ObjectStore store, PeerConfig config) {
        this.fence = fence;
        this.store = store;
        this.config = config;
    }

    /// The keys of a bucket, tombstones included, whose primary the asker is under an epoch: once this node
    /// has prepared that. So many keys are looked at, and those of the asker are in the answer.
    Reply keys(PeerHandler.Question question) {
        long epoch = question.number(PeerPath.EPOCH);
        fence.awaitPrepared(epoch);
        long limit = question.number(PeerPath.LIMIT);
        Check.argument(limit >= 1 && limit <= MAX_KEYS, "limit %s is not from 1 to %s", limit, MAX_KEYS);
        NodeId asker = question.from();
        Bucket bucket = question.bucket();
        List<PeerMessages.Key> keys = new ArrayList<>();
        ObjectKey last = after(question);
        long seen = 0;
        try (HeldScan scan = store.holdings().scan(bucket.id())) {
            if (last != null) {
                scan.seekBehind(last);
            }
            while (scan.next()) {
                if (seen == limit) {
                    PeerMessages.Name next = last == null ? null : PeerMessages.Name.of(last);
                    return JsonReply.of(new PeerMessages.Keys(keys, next, seen, store.objectCount()));
                }
                seen++;
                ObjectKey key = new ObjectKey(bucket.name(), scan.name(), scan.version());
                last = key;
                if (question.view().placements().isPrimary(asker, key, epoch)) {
                    keys.add(PeerMessages.Key.of(Survey.Entry.of(key, scan.held())));
                }
            }
        }
        return JsonReply.of(new PeerMessages.Keys(keys, null, seen, store.objectCount()));
    }

    private static @Nullable ObjectKey after(PeerHandler.Question question) {
        String name = question.query().find(PeerPath.AFTER, "");
        return name.isEmpty()
                ? null
                : new ObjectKey(question.bucket().name(), name, question.query().find(PeerPath.AFTER_VERSION, ""));
    }

    /// What this node has of one object and its versions, tombstones included, once it has prepared an epoch.
    Reply versions(PeerHandler.Question question, ObjectKey object) {
        fence.awaitPrepared(question.number(PeerPath.EPOCH));
        List<PeerMessages.Key> keys = new ArrayList<>();
        try (HeldScan scan = store.holdings().scan(question.bucket().id())) {
            scan.seek(object.name());
            while (scan.next() && scan.name().equals(object.name())) {
                keys.add(PeerMessages.Key.of(Survey.Entry.of(object.at(scan.version()), scan.held())));
            }
        }
        return JsonReply.of(new PeerMessages.Keys(keys));
    }

    /// Those of the keys sent of which this node has anything else.
    Reply compare(PeerHandler.Question question) {
        List<PeerMessages.Name> different = new ArrayList<>();
        for (PeerMessages.Key key : sent(question)) {
            Held here = store.holdings()
                    .find(question.bucket(), key.name().key(question.bucket().name()));
            boolean same = here == null ? key.removed() : isSame(here, key);
            if (!same) {
                different.add(key.name());
            }
        }
        return JsonReply.of(new PeerMessages.Names(different));
    }

    /// What a removal brings back is a version still at other holders, under the same stamp. Any other removal is told
    /// apart from an object of its stamp: one of them failed.
    private static boolean isSame(Held here, PeerMessages.Key key) {
        boolean sameKind = (here.record() == null) == key.removed();
        boolean cameBack = key.removed() && !key.name().id().isEmpty();
        return here.stamp().equals(key.stamp()) && (sameKind || cameBack) && Held.mayAgree(here.digest(), key.digest());
    }

    /// Those of the removals sent that this node, the keys' primary, has not made. They were never acknowledged, and
    /// the objects get newer stamps than theirs.
    Reply removals(PeerHandler.Question question) {
        List<PeerMessages.Name> unmade = new ArrayList<>();
        for (PeerMessages.Key key : sent(question)) {
            Held here = store.holdings()
                    .find(question.bucket(), key.name().key(question.bucket().name()));
            if (here != null && here.record() != null && key.stamp().isNewerThan(here.stamp())) {
                unmade.add(key.name());
                supersede(question.bucket(), key);
            }
        }
        return JsonReply.of(new PeerMessages.Names(unmade));
    }

    private void supersede(Bucket bucket, PeerMessages.Key removal) {
        ObjectKey key = removal.name().key(bucket.name());
        try {
            store.renew(bucket, key);
        } catch (StoreException e) {
            // Without an object here, the removal was made meanwhile. In any case the asker comes again.
            if (e.code() != ErrorCode.NO_SUCH_OBJECT) {
                LOG.log(System.Logger.Level.WARNING, key + " stays beside a removal that was never acknowledged", e);
            }
        }
    }

    private List<PeerMessages.Key> sent(PeerHandler.Question question) {
        byte[] message =
                question.exchange().body().readAll((int) config.maxMessage().bytes());
        return WireJson.read(message, PeerMessages.Keys.class).keys();
    }

    /// The uploads of a bucket whose object's primary the asker is under an epoch. So many are looked at.
    Reply uploads(PeerHandler.Question question) {
        long epoch = question.number(PeerPath.EPOCH);
        fence.awaitPrepared(epoch);
        int limit = Math.clamp(question.number(PeerPath.LIMIT), 1, MAX_KEYS);
        Bucket bucket = question.bucket();
        List<Upload> found = store.listUploads(
                bucket.id(),
                question.query().find(PeerPath.AFTER, ""),
                question.query().find(PeerPath.UPLOAD, ""),
                limit);
        List<PeerMessages.UploadName> uploads = new ArrayList<>();
        for (Upload upload : found) {
            ObjectKey key = new ObjectKey(bucket.name(), upload.name());
            if (question.view().placements().isPrimary(question.from(), key, epoch)) {
                uploads.add(new PeerMessages.UploadName(upload.name(), upload.id()));
            }
        }
        Upload last = found.size() < limit ? null : found.getLast();
        return JsonReply.of(
                new PeerMessages.Uploads(uploads, last == null ? "" : last.name(), last == null ? "" : last.id()));
    }
}
