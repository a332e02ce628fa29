package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NativePath;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.ReceiveSession;
import io.forebay.storage.object.Received;
import io.forebay.storage.object.Redundancy;
import io.forebay.storage.object.Waiting;
import java.util.function.Supplier;

/// Answers other storage nodes (`PeerPath`). Trusts its callers: they have shown the cluster's secret.
///
/// Takes no lock of a key while it calls anybody but the key's other holders as its primary, and waits for no epoch
/// while it holds one.
public final class PeerHandler {
    private final Fence fence;
    private final ObjectStore store;
    private final StagedBytes staged;
    private final PeerPages pages;
    private final UploadShare uploads;
    private final Consult consult;
    private final PeerConfig config;

    PeerHandler(Fence fence, ObjectStore store, StagedBytes staged, Consult consult, PeerConfig config) {
        this.fence = fence;
        this.store = store;
        this.consult = consult;
        this.staged = staged;
        this.pages = new PeerPages(fence, store, config);
        this.uploads = new UploadShare(fence, store);
        this.config = config;
    }

    /// One request, under the state that it belongs to or a newer one.
    record Question(Exchange exchange, Query query, View view, Bucket bucket) {
        long number(String name) {
            String text = query.find(name, "");
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new StoreException(ErrorCode.INVALID_ARGUMENT, "\"" + text + "\" is no number (" + name + ")", e);
            }
        }

        NodeId from() {
            return new NodeId(query.find(PeerPath.FROM, ""));
        }

        Stamp stamp(String name) {
            return PeerPath.stamp(query.find(name, ""));
        }
    }

    /// Throws STALE_MAP when the state of the asker does not arrive here in time, NO_SUCH_BUCKET, NOT_OWNER
    /// when the asker may not ask that any more, and what the store throws.
    public Reply answer(Exchange exchange, NativePath path) {
        Query query = exchange.request().query();
        View view = fence.awaitState(exchange);
        Bucket bucket = view.state().bucket(path.bucketName(query));
        if (bucket == null) {
            throw NodeErrors.noSuchBucket(path.bucketName(query));
        }
        Question question = new Question(exchange, query, view, bucket);
        String what = exchange.request().method() + " " + query.find(PeerPath.WHAT, "");
        return switch (what) {
            case "GET held" -> held(question, PeerPath.key(path, query));
            case "GET object" -> object(question, PeerPath.key(path, query));
            case "DELETE object" -> remove(question, PeerPath.key(path, query));
            case "PUT stage" -> stage(question, PeerPath.key(path, query));
            case "DELETE stage" -> discard(question);
            case "POST commit" -> commit(question, PeerPath.key(path, query));
            case "POST renew" -> renew(question, PeerPath.key(path, query));
            case "GET keys" -> pages.keys(question);
            case "GET versions" -> pages.versions(question, PeerPath.key(path, query));
            case "POST compare" -> pages.compare(question);
            case "POST removals" -> pages.removals(question);
            case "GET uploads" -> pages.uploads(question);
            case "GET upload" -> uploads.describe(question, PeerPath.key(path, query));
            case "GET part" -> uploads.part(question, PeerPath.key(path, query));
            case "DELETE upload" -> uploads.discard(question, PeerPath.key(path, query));
            default -> throw new StoreException(ErrorCode.INVALID_ARGUMENT, "no node asks for " + what);
        };
    }

    /// What is here of a key: once no change of it is under way here that the asker's epoch forbids.
    private Reply held(Question question, ObjectKey key) {
        fence.awaitPrepared(question.number(PeerPath.EPOCH));
        return JsonReply.of(PeerMessages.Held.of(Answer.of(store.holdings().find(question.bucket(), key))));
    }

    private Reply object(Question question, ObjectKey key) {
        Stamp wanted = question.stamp(PeerPath.STAMP);
        ReadOutcome outcome = store.read(question.bucket(), key, Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " is not here");
        }
        PayloadSource content = new PayloadSource(new Payload.Slices(found.slices()));
        ObjectRecord record = found.record();
        if (!record.stamp().equals(wanted)) {
            content.close();
            throw new StoreException(
                    ErrorCode.NO_SUCH_OBJECT, key + " is here as " + record.stamp() + " and no more as " + wanted);
        }
        byte[] message = RecordDraft.describing(record).encode();
        return new Reply(200, new Headers(), new Payload.Stream(Packet.body(message, content, 0)));
    }

    private Reply stage(Question question, ObjectKey key) {
        return JsonReply.of(new PeerMessages.Staged(
                staged.receive(question.bucket(), key, question.exchange().body())));
    }

    private Reply discard(Question question) {
        staged.drop(question.query().find(PeerPath.TOKEN, ""));
        return Reply.of(200);
    }

    private Reply commit(Question question, ObjectKey key) {
        Packet.Received packet = new Packet.Received(
                question.exchange().body(), (int) config.maxMessage().bytes());
        RecordDraft description = RecordDraft.describing(ObjectRecord.of(packet.message()));
        String token = question.query().find(PeerPath.TOKEN, "");
        String base = question.query().find(PeerPath.BASE, "");
        if (!base.isEmpty()) {
            ObjectKey owner = key.at(question.query().find(PeerPath.BYTES_OF, ""));
            Redundancy.Base bytes = new Redundancy.Base(owner, PeerPath.stamp(base));
            return admitted(
                    question,
                    key,
                    () -> store.holdings().receiveAttributes(question.bucket(), key, description, bytes));
        }
        return token.isEmpty()
                ? commitInline(question, key, description, packet)
                : commitStaged(question, key, description, token);
    }

    private Reply commitInline(Question question, ObjectKey key, RecordDraft description, Packet.Received packet) {
        try (ReceiveSession session = store.holdings().receive(question.bucket(), key, description.size())) {
            Intake.fill(session, packet);
            return admitted(question, key, () -> session.commit(description));
        }
    }

    private Reply commitStaged(Question question, ObjectKey key, RecordDraft description, String token) {
        try (ReceiveSession session = staged.take(token, key)) {
            return admitted(question, key, () -> session.commit(description));
        }
    }

    private Reply remove(Question question, ObjectKey key) {
        Stamp stamp = question.stamp(PeerPath.STAMP);
        return admitted(question, key, () -> store.holdings().receiveRemoval(question.bucket(), key, stamp));
    }

    /// Writes an object again of which another holder's bytes are damaged.
    private Reply renew(Question question, ObjectKey key) {
        Consult.Where where =
                consult.find(question.view(), question.bucket(), key, Consult.Purpose.CHANGE, Waiting.ALLOWED);
        if (!(where instanceof Consult.Where.Here(long since))) {
            throw fence.notOwner(question.view(), key);
        }
        Reliance.on(key, since, () -> store.renew(question.bucket(), key));
        return Reply.of(200);
    }

    /// Makes a change that the key's primary sent.
    @SuppressWarnings("try") // What is admitted ends when the block does.
    private Reply admitted(Question question, ObjectKey key, Supplier<Received> change) {
        long epoch = question.number(PeerPath.EPOCH);
        try (Fence.Admitted admitted = fence.enterCopy(question.bucket(), key, epoch, question.from())) {
            return JsonReply.of(PeerMessages.Outcome.of(change.get()));
        }
    }
}
