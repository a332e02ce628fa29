package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.storage.metadata.UploadRecord;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Part;
import io.forebay.storage.object.ReceiveSession;
import io.forebay.storage.object.StripedLock;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Brings an upload in progress to its object's primary, from the one before. The source drops it when all of
/// it is here, so as long as it has it, something may be missing here.
public final class UploadPull {
    private static final int STRIPES = 64;

    private final Fence fence;
    private final ObjectStore store;
    private final PeerCalls calls;
    private final PeerConfig config;
    private final StripedLock pulling = new StripedLock(STRIPES);
    private final Map<String, Long> complete = new ConcurrentHashMap<>();

    UploadPull(Fence fence, ObjectStore store, PeerCalls calls, PeerConfig config) {
        this.fence = fence;
        this.store = store;
        this.calls = calls;
        this.config = config;
    }

    /// Returns when all that there is of an upload is here. Throws NODE_UNAVAILABLE when a node that may have
    /// it does not answer, NOT_OWNER when the key has changed its owner meanwhile.
    public void require(View view, Bucket bucket, ObjectKey key, String uploadId) {
        KeyHistory history = view.history(bucket, key);
        Long known = complete.get(uploadId);
        if (history.isDecidedBy(null, fence.gathered()) || (known != null && known == history.since())) {
            return;
        }
        Lock lock = pulling.of(uploadId);
        lock.lock();
        try {
            // Uploads are with primaries alone.
            Set<NodeId> sources = new LinkedHashSet<>();
            history.earlier()
                    .forEach(step -> sources.addAll(
                            step.nodes().subList(0, Math.min(1, step.nodes().size()))));
            sources.remove(fence.self());
            sources.forEach(node -> pull(view, bucket, key, uploadId, node, history));
            if (complete.size() >= config.maxRemembered()) {
                complete.clear();
            }
            complete.put(uploadId, history.since());
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("try") // What is admitted ends when the block does.
    private void pull(View view, Bucket bucket, ObjectKey key, String uploadId, NodeId node, KeyHistory history) {
        try {
            PeerMessages.@Nullable UploadInProgress found = ask(view, key, uploadId, node);
            if (found == null) {
                return;
            }
            UploadRecord record = UploadRecord.of(Base64.getDecoder().decode(found.record()));
            boolean open;
            try (Fence.Admitted admitted = fence.enter(bucket, key, history.since())) {
                open = store.holdings().receiveUpload(bucket, key, uploadId, record);
            }
            if (open) {
                Set<Integer> here = new HashSet<>();
                for (Part part : store.listParts(bucket, key, uploadId)) {
                    here.add(part.number());
                }
                for (PeerMessages.PartOfUpload part : found.parts()) {
                    if (!here.contains(part.number())) {
                        pullPart(view, bucket, key, uploadId, node, part.number(), history);
                    }
                }
            }
            calls.send(
                            node,
                            view,
                            new Request(Method.DELETE, target(view, key, "upload", uploadId), new Headers()),
                            Body.empty())
                    .payload()
                    .close();
        } catch (StoreException e) {
            throw PeerCalls.unavailable("upload \"" + uploadId + "\" may be at " + node, e);
        }
    }

    private PeerMessages.@Nullable UploadInProgress ask(View view, ObjectKey key, String uploadId, NodeId node) {
        Request request = new Request(Method.GET, target(view, key, "upload", uploadId), new Headers());
        try {
            return calls.json(node, view, request, Body.empty(), PeerMessages.UploadInProgress.class);
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NO_SUCH_UPLOAD) {
                throw e;
            }
            return null;
        }
    }

    @SuppressWarnings("try") // What is admitted ends when the block does.
    private void pullPart(
            View view, Bucket bucket, ObjectKey key, String uploadId, NodeId node, int number, KeyHistory history) {
        String target = target(view, key, "part", uploadId) + PeerPath.parameter(PeerPath.PART, number);
        try (PeerCalls.Pulled part = calls.pulled(node, view, target);
                ReceiveSession session = store.holdings()
                        .receivePart(
                                bucket,
                                key,
                                uploadId,
                                number,
                                part.description().size())) {
            Intake.fill(session, part.content());
            try (Fence.Admitted admitted = fence.enter(bucket, key, history.since())) {
                session.commit(part.description());
            }
        }
    }

    private static String target(View view, ObjectKey key, String what, String uploadId) {
        return PeerPath.target(key, what)
                + PeerPath.parameter(PeerPath.EPOCH, view.servingEpoch())
                + PeerPath.parameter(PeerPath.UPLOAD, uploadId);
    }
}
