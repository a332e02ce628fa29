package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.WriteSession;
import io.forebay.storage.peer.ContentBody;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Commits a body that has arrived; when the key has got another owner meanwhile, that one gets the bytes as
/// the same request, and its reply is the client's.
final class Handover {
    /// A key changes its owner at most so often while a body is committed.
    private static final int MAX_MOVES = 40;

    private final Ownership ownership;
    private final Custody custody;
    private final Forwarding forwarding;
    private final LongAdder handedOver;

    Handover(Ownership ownership, Custody custody, Forwarding forwarding, LongAdder handedOver) {
        this.ownership = ownership;
        this.custody = custody;
        this.forwarding = forwarding;
        this.handedOver = handedOver;
    }

    /// Throws what the commit throws, and NODE_UNAVAILABLE when the owner is not certain in time.
    Reply commit(ObjectRequest request, WriteSession session, Intake.Demand demand) {
        Claim claim = demand.claim();
        ownership.requireLease();
        for (int moves = 0; ; moves++) {
            try {
                return ObjectWrites.stored(
                        request, claim.run(request.key(), () -> session.commit(demand.conditions())));
            } catch (StoreException e) {
                if (e.code() != ErrorCode.NOT_OWNER || moves == MAX_MOVES) {
                    throw e;
                }
            }
            ownership.awaitChange();
            Ownership.Place place = ownership.placeAgain(request.key());
            NodeId owner = place.owner();
            if (owner != null) {
                Reply reply = handedOver(request, session, place, owner, moves);
                if (reply != null) {
                    return reply;
                }
            } else if (!claim.equals(Claim.NONE)) {
                claim = custody.claim(new ObjectRequest(
                        request.exchange(), request.query(), request.key(), place.bucket(), place.view()));
            }
        }
    }

    /// The owner's reply; null when it is not the owner any more either.
    private @Nullable Reply handedOver(
            ObjectRequest request, WriteSession session, Ownership.Place place, NodeId owner, int moves) {
        try (ContentBody body = new ContentBody(session.content())) {
            Reply reply = forwarding.forward(request.exchange(), place.view(), owner, body);
            handedOver.increment();
            return reply;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NOT_OWNER || moves == MAX_MOVES) {
                throw e;
            }
            return null;
        }
    }
}
