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
        String after = question.query().find(PeerPath.AFTER, "");
        NodeId asker = question.from();
        Bucket bucket = question.bucket();
        List<PeerMessages.Key> keys = new ArrayList<>();
        String last = "";
        long seen = 0;
        try (HeldScan scan = store.holdings().scan(bucket.id())) {
            scan.seek(after);
            while (scan.next()) {
                String name = scan.name();
                if (name.equals(after)) {
                    continue;
                }
                if (seen == limit) {
                    return JsonReply.of(new PeerMessages.Keys(keys, last, seen, store.objectCount()));
                }
                seen++;
                last = name;
                Held held = scan.held();
                if (question.view().placements().isPrimary(asker, new ObjectKey(bucket.name(), name), epoch)) {
                    keys.add(key(name, held));
                }
            }
        }
        return JsonReply.of(new PeerMessages.Keys(keys, "", seen, store.objectCount()));
    }

    /// Those of the keys sent of which this node has anything else.
    Reply compare(PeerHandler.Question question) {
        List<String> different = new ArrayList<>();
        for (PeerMessages.Key key : sent(question)) {
            Held here = store.holdings().find(question.bucket(), key.name());
            boolean same = here == null ? key.removed() : here.stamp().equals(key.stamp());
            if (!same) {
                different.add(key.name());
            }
        }
        return JsonReply.of(new PeerMessages.Names(different));
    }

    /// Those of the removals sent that this node, the keys' primary, has not made. They were never acknowledged, and
    /// the objects get newer stamps than theirs.
    Reply removals(PeerHandler.Question question) {
        List<String> unmade = new ArrayList<>();
        for (PeerMessages.Key key : sent(question)) {
            Held here = store.holdings().find(question.bucket(), key.name());
            if (here != null && here.record() != null && key.stamp().isNewerThan(here.stamp())) {
                unmade.add(key.name());
                supersede(question.bucket(), key);
            }
        }
        return JsonReply.of(new PeerMessages.Names(unmade));
    }

    private void supersede(Bucket bucket, PeerMessages.Key removal) {
        ObjectKey key = new ObjectKey(bucket.name(), removal.name());
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

    private static PeerMessages.Key key(String name, Held held) {
        long size = held.record() == null ? 0 : held.record().size();
        return new PeerMessages.Key(
                name, held.record() == null, held.stamp().epoch(), held.stamp().version(), size);
    }
}
