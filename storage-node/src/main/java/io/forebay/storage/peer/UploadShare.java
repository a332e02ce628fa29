package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.UploadRecord;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import java.util.Base64;
import java.util.List;

/// Gives an upload to the node that is its object's primary by now.
final class UploadShare {
    private final Fence fence;
    private final ObjectStore store;

    UploadShare(Fence fence, ObjectStore store) {
        this.fence = fence;
        this.store = store;
    }

    /// The upload without its parts' bytes, once nothing of it is under way here. Throws NO_SUCH_UPLOAD.
    Reply describe(PeerHandler.Question question, ObjectKey key) {
        fence.awaitPrepared(question.number(PeerPath.EPOCH));
        String id = question.query().find(PeerPath.UPLOAD, "");
        UploadRecord record = store.holdings().findUpload(question.bucket(), key, id);
        if (record == null) {
            throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "upload \"" + id + "\" is not here");
        }
        List<PeerMessages.PartOfUpload> parts = store.listParts(question.bucket(), key, id).stream()
                .map(part -> new PeerMessages.PartOfUpload(
                        part.number(), part.record().size()))
                .toList();
        return JsonReply.of(
                new PeerMessages.UploadInProgress(Base64.getEncoder().encodeToString(record.encode()), parts));
    }

    /// A part with all that is known of it. Throws NO_SUCH_UPLOAD when it is gone.
    Reply part(PeerHandler.Question question, ObjectKey key) {
        String id = question.query().find(PeerPath.UPLOAD, "");
        long number = question.number(PeerPath.PART);
        for (Part part : store.listParts(question.bucket(), key, id)) {
            if (part.number() == number) {
                byte[] message = RecordDraft.describing(part.record()).encode();
                PayloadSource content =
                        new PayloadSource(new Payload.Slices(store.openPart(question.bucket(), key, part)));
                return new Reply(200, new Headers(), new Payload.Stream(Packet.body(message, content, 0)));
            }
        }
        throw new StoreException(ErrorCode.NO_SUCH_UPLOAD, "part " + number + " of " + key + " is not here");
    }

    /// Drops an upload of which another node, the key's primary, has everything. Throws NOT_OWNER when that is not its
    /// primary any more: a call that was late must not drop what has come back since.
    @SuppressWarnings("try") // What is admitted ends when the block does.
    Reply discard(PeerHandler.Question question, ObjectKey key) {
        long epoch = question.number(PeerPath.EPOCH);
        fence.awaitPrepared(epoch);
        try (Fence.Admitted admitted = fence.enterCopy(question.bucket(), key, epoch, question.from())) {
            store.holdings()
                    .discardUpload(question.bucket(), key, question.query().find(PeerPath.UPLOAD, ""));
        }
        return Reply.of(200);
    }
}
