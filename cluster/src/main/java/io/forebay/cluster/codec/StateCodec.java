package io.forebay.cluster.codec;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.Provider;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// The cluster state as JSON with a format number. Equal states give equal bytes.
public final class StateCodec {
    static final int FORMAT = 4;

    /// Had no users. A state without any is still written so, that an earlier Forebay can follow.
    static final int BEFORE_USERS = 3;

    /// Had no phase of epochs but `active`, and one copy of everything.
    static final int ONE_PLACE = 2;

    private static final int WITHOUT_EPOCHS = 1;
    private static final String WHAT = "the stored cluster state";

    private StateCodec() {}

    public static byte[] encode(ClusterState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        try (JsonGenerator json = JsonFields.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("format", state.users().isEmpty() ? BEFORE_USERS : FORMAT);
            json.writeNumberProperty("version", state.version());
            json.writeStringProperty("clusterId", state.clusterId());
            json.writeNumberProperty("createdMillis", state.createdMillis());
            json.writeNumberProperty("nextBucketId", state.nextBucketId());
            json.writeArrayPropertyStart("nodes");
            state.nodes().values().forEach(node -> write(json, node));
            json.writeEndArray();
            json.writeArrayPropertyStart("epochs");
            state.epochs().forEach(epoch -> write(json, epoch));
            json.writeEndArray();
            json.writeArrayPropertyStart("buckets");
            state.buckets().values().stream()
                    .sorted(Comparator.comparingLong(Bucket::id))
                    .forEach(bucket -> write(json, bucket));
            json.writeEndArray();
            write(json, "settings", state.settings());
            if (!state.users().isEmpty()) {
                UserCodec.write(json, state.users());
            }
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// Throws UNSUPPORTED when a newer format wrote the bytes, CORRUPT when they are no state.
    public static ClusterState decode(byte[] bytes) {
        JsonFields fields = JsonFields.parse(WHAT, bytes, 0);
        long format = fields.number("format");
        if (format > FORMAT) {
            throw newer(WHAT, format, FORMAT);
        }
        SortedMap<NodeId, Node> nodes = new TreeMap<>();
        List<JsonFields> nodeList = fields.list("nodes");
        nodeList.forEach(each -> {
            Node node = readNode(each);
            nodes.put(node.id(), node);
        });
        Map<BucketName, Bucket> buckets = new HashMap<>();
        List<JsonFields> bucketList = fields.list("buckets");
        bucketList.forEach(each -> {
            Bucket bucket = readBucket(each, format);
            buckets.put(bucket.name(), bucket);
        });
        if (nodes.size() != nodeList.size() || buckets.size() != bucketList.size()) {
            throw fields.unreadable("it names a node or a bucket twice");
        }
        ClusterState state = new ClusterState(
                fields.number("version"),
                fields.text("clusterId"),
                fields.number("createdMillis"),
                nodes,
                format == WITHOUT_EPOCHS ? firstEpoch(nodes.values()) : readEpochs(fields.list("epochs"), format),
                buckets,
                fields.number("nextBucketId"),
                fields.texts("settings"),
                format <= BEFORE_USERS ? Map.of() : UserCodec.readAll(fields.list("users")));
        fields.end();
        return state;
    }

    /// The state of a cluster whose owners never changed, as those without epochs were.
    private static List<Epoch> firstEpoch(Collection<Node> nodes) {
        List<NodeId> owners = nodes.stream().filter(Node::owns).map(Node::id).toList();
        return owners.isEmpty() ? List.of() : List.of(new Epoch(1, owners, Epoch.Phase.SETTLED));
    }

    private static void write(JsonGenerator json, Epoch epoch) {
        json.writeStartObject();
        json.writeNumberProperty("number", epoch.number());
        json.writeStringProperty(
                "owners", epoch.owners().stream().map(NodeId::value).collect(Collectors.joining(" ")));
        json.writeStringProperty("phase", epoch.phase().name());
        json.writeEndObject();
    }

    private static List<Epoch> readEpochs(List<JsonFields> list, long format) {
        List<Epoch> epochs = new ArrayList<>();
        for (JsonFields fields : list) {
            String owners = fields.text("owners");
            List<NodeId> ids = owners.isEmpty()
                    ? List.of()
                    : Arrays.stream(owners.split(" ")).map(NodeId::new).toList();
            Epoch.Phase phase = format == ONE_PLACE
                    ? phase(fields.flag("active"), epochs.isEmpty())
                    : readEnum(fields, "phase", Epoch.Phase.class);
            epochs.add(new Epoch(fields.number("number"), ids, phase));
            fields.end();
        }
        return epochs;
    }

    /// Of format 2: objects did not move, so all are where the first epoch places them.
    private static Epoch.Phase phase(boolean active, boolean first) {
        return !active ? Epoch.Phase.PENDING : first ? Epoch.Phase.SETTLED : Epoch.Phase.ACTIVE;
    }

    static StoreException newer(String what, long format, int known) {
        return new StoreException(
                ErrorCode.UNSUPPORTED,
                what + " was written by a newer Forebay: its format is " + format + ", this version knows " + known);
    }

    static void write(JsonGenerator json, Node node) {
        json.writeStartObject();
        json.writeStringProperty("id", node.id().value());
        json.writeStringProperty("role", node.role().name());
        json.writeStringProperty("dataUrl", node.dataUrl());
        json.writeStringProperty("controlUrl", node.controlUrl());
        json.writeStringProperty("phase", node.phase().name());
        json.writeEndObject();
    }

    static Node readNode(JsonFields fields) {
        Node node = new Node(
                new NodeId(fields.text("id")),
                readEnum(fields, "role", Node.Role.class),
                fields.text("dataUrl"),
                fields.text("controlUrl"),
                readEnum(fields, "phase", Node.Phase.class));
        fields.end();
        return node;
    }

    static <E extends Enum<E>> E readEnum(JsonFields fields, String name, Class<E> type) {
        String text = fields.text(name);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw fields.unreadable(name + " \"" + text + "\" is unknown");
    }

    private static void write(JsonGenerator json, Bucket bucket) {
        json.writeStartObject();
        json.writeStringProperty("name", text(bucket.name()));
        json.writeNumberProperty("id", bucket.id());
        json.writeNumberProperty("createdMillis", bucket.createdMillis());
        json.writeBooleanProperty("sealed", bucket.sealed());
        json.writeNumberProperty("established", bucket.established());
        json.writeNumberProperty("most", bucket.most());
        json.writeNumberProperty("firstEpoch", bucket.firstEpoch());
        write(json, "properties", bucket.properties());
        json.writeEndObject();
    }

    private static Bucket readBucket(JsonFields fields, long format) {
        boolean onePlace = format <= ONE_PLACE;
        Bucket bucket = new Bucket(
                readBucketName(fields, "name"),
                fields.number("id"),
                fields.number("createdMillis"),
                fields.texts("properties"),
                fields.flag("sealed"),
                onePlace ? 1 : (int) fields.number("established"),
                onePlace ? 1 : (int) fields.number("most"),
                onePlace ? 0 : fields.number("firstEpoch"));
        fields.end();
        return bucket;
    }

    static void write(JsonGenerator json, String name, Map<String, String> texts) {
        json.writeObjectPropertyStart(name);
        new TreeMap<>(texts).forEach(json::writeStringProperty);
        json.writeEndObject();
    }

    /// `provider/@uuid#namespace/name`: a bucket's unique name without its last slash.
    static String text(BucketName name) {
        String uname = name.uname();
        return uname.substring(0, uname.length() - 1);
    }

    static BucketName readBucketName(JsonFields fields, String name) {
        String text = fields.text(name);
        int first = text.indexOf('/');
        int last = text.lastIndexOf('/');
        if (first < 1 || first == last) {
            throw fields.unreadable("\"" + text + "\" is no bucket name");
        }
        return new BucketName(
                Provider.parse(text.substring(0, first)),
                Namespace.parse(text.substring(first + 1, last)),
                text.substring(last + 1));
    }
}
