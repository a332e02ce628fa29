package io.forebay.gateway.core;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.relay.Relay;
import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeReply;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks the owner of an archive for the names of its members.
public final class ArchiveMembers {
    /// What says that an object cannot be looked into, while it is a good object otherwise.
    private static final Set<ErrorCode> NO_ARCHIVE = Set.of(
            ErrorCode.NO_SUCH_OBJECT,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.UNSUPPORTED,
            ErrorCode.TOO_LARGE,
            ErrorCode.CORRUPT);

    private final Relay relay;
    private final int maxAnswerBytes;

    public ArchiveMembers(Relay relay, int maxAnswerBytes) {
        this.relay = relay;
        this.maxAnswerBytes = maxAnswerBytes;
    }

    /// One page; null when there is no such object, or it is no archive, or one over a limit. Only where the
    /// exchange may wait. Throws NO_SUCH_BUCKET, and whatever else a node means.
    @Nullable
    MembersPage page(Exchange outer, ObjectKey archive, MembersRequest request) {
        Reply reply = relay.toOwner(outer, archive, Method.GET, request.query(), new Headers(), Body.empty());
        if (reply.status() >= 400) {
            StoreException failure = NodeErrors.read(reply);
            if (NO_ARCHIVE.contains(failure.code())) {
                return null;
            }
            throw failure;
        }
        return NodeReply.read(reply, MembersPage.class, maxAnswerBytes);
    }
}
