package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.storage.metadata.ObjectRecord;

/// A read that the key's owner passes on to a node that has the newest value: it is answered from what that
/// node has, as long as that has the stamp which the owner was told.
final class HeldRequest {
    private HeldRequest() {}

    static boolean isOne(Exchange exchange) {
        return exchange.request().headers().contains(NodeHeaders.HELD);
    }

    /// Throws NOT_OWNER when the record is not the one that is asked for: the owner looks again.
    static void check(ObjectRequest request, ObjectRecord record) {
        String held = request.headers().find(NodeHeaders.HELD);
        if (held != null && !held.equals(record.stamp().toString())) {
            throw new StoreException(
                    ErrorCode.NOT_OWNER, request.key() + " is here as " + record.stamp() + " and no more as " + held);
        }
    }

    /// As `check`, of an object that is not here.
    static void checkAbsent(ObjectRequest request) {
        if (isOne(request.exchange())) {
            throw new StoreException(ErrorCode.NOT_OWNER, request.key() + " is not here any more");
        }
    }
}
