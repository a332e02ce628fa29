package io.forebay.app;

import io.forebay.cluster.watch.NodeProgress;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.Space;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.StorageNode;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/// What a storage node tells with its heartbeats: its disks, and under which epoch it serves.
final class StorageProgress implements Supplier<NodeProgress> {
    private static final int MAX_ANSWER_BYTES = 1 << 20;

    private final StorageNode storage;
    private final Handler node;

    StorageProgress(StorageNodes nodes, NodeId id) {
        this.storage = nodes.node(id);
        this.node = Objects.requireNonNull(nodes.handlers().get(id));
    }

    @Override
    public NodeProgress get() {
        return new NodeProgress(storage.fence().preparedEpoch(), storage.progress(), space());
    }

    private Space space() {
        Request request = new Request(Method.GET, "/v1/daemon/volumes", new Headers());
        Reply reply = node.handle(DirectExchange.of(request, Body.empty()));
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            byte[] answer = payload.readAll(MAX_ANSWER_BYTES);
            return reply.status() == 200
                    ? sum(WireJson.read(answer, VolumeList.class).volumes())
                    : Space.NONE;
        }
    }

    private static Space sum(List<VolumeInfo> volumes) {
        long total = 0;
        long free = 0;
        long used = 0;
        long objects = 0;
        int failed = 0;
        for (VolumeInfo volume : volumes) {
            total += volume.totalBytes();
            free += Math.max(0, volume.freeBytes() - volume.reserveBytes());
            used += volume.usedBytes();
            objects += volume.objects();
            failed += volume.state().equals(VolumeInfo.FAILED) ? 1 : 0;
        }
        return new Space(total, free, used, objects, failed);
    }
}
