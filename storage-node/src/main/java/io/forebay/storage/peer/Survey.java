package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Held;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks other nodes what they have of many keys at once. Throws what `PeerCalls` does.
public final class Survey {
    private final Fence fence;
    private final PeerCalls calls;

    Survey(Fence fence, PeerCalls calls) {
        this.fence = fence;
        this.calls = calls;
    }

    /// A key and what a node has of it.
    ///
    /// @param removed whether that is a tombstone
    /// @param size of the object in bytes
    /// @param digest `Held.digest`
    public record Entry(ObjectKey key, boolean removed, Stamp stamp, long size, long digest) {
        public static Entry of(ObjectKey key, Held held) {
            ObjectRecord record = held.record();
            return new Entry(key, record == null, held.stamp(), record == null ? 0 : record.size(), held.digest());
        }
    }

    /// Some of the keys that a node has.
    ///
    /// @param next the key after which to go on; null when there is no more
    /// @param looked how many keys the node looked at for it
    /// @param held how many objects the node has, of all buckets; 0 when it does not tell
    public record Page(List<Entry> entries, @Nullable ObjectKey next, long looked, long held) {}

    /// The keys behind another one that a node has, of those whose primary this node is under the epoch that
    /// serves; once that node has prepared it. So many are looked at there.
    ///
    /// @param after null for the beginning
    public Page keys(NodeId node, View view, Bucket bucket, @Nullable ObjectKey after, int limit) {
        String behind = after == null
                ? ""
                : PeerPath.parameter(PeerPath.AFTER, after.name())
                        + PeerPath.parameter(PeerPath.AFTER_VERSION, after.version());
        PeerMessages.Keys keys = calls.json(
                node,
                view,
                new Request(Method.GET, target(view, bucket, "keys", limit) + behind, new Headers()),
                Body.empty(),
                PeerMessages.Keys.class);
        PeerMessages.Name next = keys.next();
        return new Page(
                entries(bucket, keys), next == null ? null : next.key(bucket.name()), keys.looked(), keys.held());
    }

    /// What a node has of one object and of its versions, once it has prepared the epoch that serves.
    List<Entry> versions(NodeId node, View view, Bucket bucket, ObjectKey object) {
        String target = PeerPath.target(object, "versions") + PeerPath.parameter(PeerPath.EPOCH, view.servingEpoch());
        Request request = new Request(Method.GET, target, new Headers());
        return entries(bucket, calls.json(node, view, request, Body.empty(), PeerMessages.Keys.class));
    }

    private static List<Entry> entries(Bucket bucket, PeerMessages.Keys keys) {
        return keys.keys().stream().map(key -> key.entry(bucket.name())).toList();
    }

    /// Those of which a holder has something else: nothing, something older, or a newer change that was never
    /// acknowledged.
    public List<Entry> different(NodeId node, View view, Bucket bucket, List<Entry> entries) {
        return those(node, view, bucket, "compare", entries);
    }

    /// Those of some removals that a primary has not made, and never will: it writes its objects above them.
    public List<Entry> unmade(NodeId primary, View view, Bucket bucket, List<Entry> removals) {
        return those(primary, view, bucket, "removals", removals);
    }

    private List<Entry> those(NodeId node, View view, Bucket bucket, String what, List<Entry> entries) {
        List<PeerMessages.Key> keys = entries.stream().map(PeerMessages.Key::of).toList();
        byte[] message = WireJson.write(new PeerMessages.Keys(keys));
        try (Body body = new MemoryBody(ByteBuffer.wrap(message))) {
            Request request = new Request(Method.POST, PeerPath.target(bucket.name(), what), new Headers());
            Set<PeerMessages.Name> names = new HashSet<>(calls.json(node, view, request, body, PeerMessages.Names.class)
                    .names());
            return entries.stream()
                    .filter(entry -> names.contains(PeerMessages.Name.of(entry.key)))
                    .toList();
        }
    }

    /// An upload in progress.
    public record UploadName(String name, String id) {}

    /// Some of the uploads that a node has.
    ///
    /// @param next the upload after which to go on; with an empty name when there is no more
    public record UploadPage(List<UploadName> uploads, UploadName next) {}

    /// As `keys`, of uploads.
    public UploadPage uploads(NodeId node, View view, Bucket bucket, UploadName after, int limit) {
        PeerMessages.Uploads found = calls.json(
                node,
                view,
                new Request(
                        Method.GET,
                        target(view, bucket, "uploads", limit)
                                + PeerPath.parameter(PeerPath.AFTER, after.name)
                                + PeerPath.parameter(PeerPath.UPLOAD, after.id),
                        new Headers()),
                Body.empty(),
                PeerMessages.Uploads.class);
        return new UploadPage(
                found.uploads().stream()
                        .map(upload -> new UploadName(upload.name(), upload.id()))
                        .toList(),
                new UploadName(found.nextName(), found.nextId()));
    }

    /// The node that asks.
    public NodeId self() {
        return fence.self();
    }

    private static String target(View view, Bucket bucket, String what, int limit) {
        return PeerPath.target(bucket.name(), what)
                + PeerPath.parameter(PeerPath.EPOCH, view.servingEpoch())
                + PeerPath.parameter(PeerPath.LIMIT, limit);
    }
}
