package io.forebay.storage.http;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.DamageInfo;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.ScrubInfo;
import io.forebay.protocol.api.ScrubList;
import io.forebay.protocol.api.ScrubOrder;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.DamagedObject;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ScrubStatus;
import java.util.List;

/// `/v1/daemon/scrub`: how the verification of the node's volumes stands and what is damaged (GET), and the order to
/// begin now (POST), for gateways.
final class ScrubRequests {
    /// The word behind `/v1/daemon/`.
    static final String PATH = "scrub";

    private final NodeId self;
    private final ObjectStore store;
    private final int maxMessageBytes;

    ScrubRequests(NodeId self, ObjectStore store, int maxMessageBytes) {
        this.self = self;
        this.store = store;
        this.maxMessageBytes = maxMessageBytes;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return switch (method) {
            case GET -> list();
            case POST -> {
                // A volume of another node is no failure: the order goes to every node.
                store.scrub(WireJson.read(exchange.body().readAll(maxMessageBytes), ScrubOrder.class)
                        .volume());
                yield list();
            }
            case PUT, DELETE, HEAD, PATCH, OPTIONS -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    private Reply list() {
        List<ScrubInfo> volumes =
                store.scrubStatuses().stream().map(ScrubRequests::info).toList();
        List<DamageInfo> damaged =
                store.damaged().stream().map(ScrubRequests::info).toList();
        return JsonReply.of(new ScrubList(self.value(), volumes, damaged));
    }

    private static ScrubInfo info(ScrubStatus status) {
        return new ScrubInfo(
                status.volume(),
                status.running(),
                status.verifiedBytes(),
                status.totalBytes(),
                status.startedMillis(),
                status.finishedMillis());
    }

    private static DamageInfo info(DamagedObject damaged) {
        return new DamageInfo(
                damaged.volume(),
                damaged.bucketId(),
                damaged.name(),
                damaged.part(),
                damaged.foundMillis(),
                damaged.reason());
    }
}
