package io.forebay.storage.http;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.VolumeStatus;
import java.util.List;
import java.util.Locale;

/// `/v1/daemon/volumes`: the node's volumes, for gateways.
final class VolumeRequests {
    /// The word behind `/v1/daemon/`.
    static final String PATH = "volumes";

    private static final String JSON = "application/json; charset=utf-8";

    private final NodeId self;
    private final ObjectStore store;

    VolumeRequests(NodeId self, ObjectStore store) {
        this.self = self;
        this.store = store;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return method == Method.GET ? list() : NodeErrors.methodNotAllowed(method, "GET");
    }

    private Reply list() {
        List<VolumeInfo> volumes =
                store.volumeStatuses().stream().map(VolumeRequests::info).toList();
        return Reply.of(200, JSON, WireJson.line(new VolumeList(self.value(), volumes)));
    }

    private static VolumeInfo info(VolumeStatus status) {
        return new VolumeInfo(
                status.id(),
                status.path(),
                status.state().name().toLowerCase(Locale.ROOT),
                status.reason(),
                status.totalBytes(),
                status.freeBytes(),
                status.reserveBytes(),
                status.usedBytes(),
                status.liveBytes(),
                status.objects(),
                status.objectsLeft(),
                status.bytesLeft(),
                status.ioErrors());
    }
}
