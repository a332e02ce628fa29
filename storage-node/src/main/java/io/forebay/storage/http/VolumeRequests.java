package io.forebay.storage.http;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeOrder;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.VolumeChange;
import io.forebay.storage.object.VolumeStatus;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.View;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// `/v1/daemon/volumes`: the node's volumes, for gateways.
final class VolumeRequests {
    /// The word behind `/v1/daemon/`.
    static final String PATH = "volumes";

    private final NodeId self;
    private final Fence fence;
    private final ObjectStore store;
    private final int maxMessageBytes;

    VolumeRequests(NodeId self, Fence fence, ObjectStore store, int maxMessageBytes) {
        this.self = self;
        this.fence = fence;
        this.store = store;
        this.maxMessageBytes = maxMessageBytes;
    }

    Reply answer(Exchange exchange) {
        Method method = exchange.request().method();
        return switch (method) {
            case GET -> list();
            case POST -> {
                change(VolumeOrder.read(exchange.body().readAll(maxMessageBytes)));
                yield list();
            }
            default -> NodeErrors.methodNotAllowed(method, "GET, POST");
        };
    }

    /// Does what is ordered; the list that follows shows it. Throws INVALID_ARGUMENT for an unknown action.
    private void change(VolumeOrder order) {
        switch (order.action()) {
            case "add" -> store.addVolume(folder(order.volume()));
            case "enable" -> store.changeVolume(order.volume(), VolumeChange.ENABLE);
            case "disable" -> store.changeVolume(order.volume(), VolumeChange.DISABLE);
            case "drain" -> store.changeVolume(order.volume(), VolumeChange.DRAIN);
            case "remove" -> store.changeVolume(order.volume(), removal(order));
            case "check" -> store.changeVolume(order.volume(), VolumeChange.CHECK);
            case "rescan" -> store.changeVolume(order.volume(), VolumeChange.RESCAN);
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT, "there is no action \"" + order.action() + "\" of a volume");
        }
    }

    private VolumeChange removal(VolumeOrder order) {
        Check.argument(order.force() || !order.forgetChanges(), "to forget changes takes force");
        if (!order.force()) {
            return VolumeChange.REMOVE;
        }
        requireNoOwner();
        return order.forgetChanges() ? VolumeChange.REMOVE_WITH_NOTES : VolumeChange.REMOVE_WITH_OBJECTS;
    }

    /// What an owner has not got is taken for gone: while this node is one, nobody would ask the others for their
    /// copies
    /// of what a lost volume had. Throws IN_USE.
    private void requireNoOwner() {
        View view = fence.view();
        List<NodeId> owners = view.placements().serving().owners();
        if (view.state().hasCopies() && owners.size() > 1 && owners.contains(self)) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    "node " + self + " owns objects of which others have copies: without the volume they would be taken"
                            + " for gone. First: forebay cluster maintenance " + self
                            + " on; and off again afterwards, which brings the copies here");
        }
    }

    private static String folder(String path) {
        try {
            Path folder = Path.of(path).normalize();
            Check.argument(folder.isAbsolute(), "the folder \"%s\" is not an absolute path", path);
            return folder.toString();
        } catch (InvalidPathException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "\"" + path + "\" is not a path", e);
        }
    }

    private Reply list() {
        List<VolumeInfo> volumes =
                store.volumeStatuses().stream().map(VolumeRequests::info).toList();
        return JsonReply.of(new VolumeList(self.value(), volumes));
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
