package io.forebay.cluster.codec;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.state.User;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// A command as one byte of format and a JSON object of one field: the kind of command, with an object of what it
/// carries.
public final class CommandCodec {
    private static final int FORMAT = 4;

    /// Commands that an earlier Forebay knows are written as it wrote them, so that it can follow a newer leader.
    private static final int BEFORE_USERS = 3;

    private static final int BEFORE_REBALANCE = 2;

    private static final int BEFORE_EPOCHS = 1;

    private static final String WHAT = "a stored command";

    private CommandCodec() {}

    public static byte[] encode(Command command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        out.write(format(command));
        try (JsonGenerator json = JsonFields.FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeObjectPropertyStart(kind(command));
            writeFields(json, command);
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /// Throws UNSUPPORTED when a newer format wrote the bytes, CORRUPT when they are no command.
    public static Command decode(byte[] bytes) {
        int format = bytes.length == 0 ? 0 : bytes[0];
        if (format > FORMAT) {
            throw StateCodec.newer(WHAT, format, FORMAT);
        }
        JsonFields outer = JsonFields.parse(WHAT, bytes, Math.min(1, bytes.length));
        String kind = outer.onlyName();
        JsonFields fields = outer.object(kind);
        Command command = read(kind, fields);
        fields.end();
        return command;
    }

    private static int format(Command command) {
        return switch (command) {
            case Command.AddUser add -> FORMAT;
            case Command.AddUserKey add -> FORMAT;
            case Command.EnableUser enable -> FORMAT;
            case Command.RemoveUser remove -> FORMAT;
            case Command.Rebalance rebalance -> BEFORE_USERS;
            case Command.Activate activate -> BEFORE_REBALANCE;
            case Command.Settle settle -> BEFORE_REBALANCE;
            case Command.SetPhase change when change.phase() == Node.Phase.OFFLINE -> BEFORE_REBALANCE;
            default -> BEFORE_EPOCHS;
        };
    }

    private static String kind(Command command) {
        return switch (command) {
            case Command.Found found -> "found";
            case Command.Join join -> "join";
            case Command.SetPhase change -> "set-phase";
            case Command.Leave leave -> "leave";
            case Command.Activate activate -> "activate";
            case Command.Settle settle -> "settle";
            case Command.Rebalance rebalance -> "rebalance";
            case Command.CreateBucket create -> "create-bucket";
            case Command.SealBucket seal -> "seal-bucket";
            case Command.DestroyBucket destroy -> "destroy-bucket";
            case Command.SetBucketProperties change -> "set-bucket-properties";
            case Command.ResetBucketProperties reset -> "reset-bucket-properties";
            case Command.ChangeSettings change -> "change-settings";
            case Command.AddUser add -> "add-user";
            case Command.AddUserKey add -> "add-user-key";
            case Command.EnableUser enable -> "enable-user";
            case Command.RemoveUser remove -> "remove-user";
        };
    }

    private static void writeFields(JsonGenerator json, Command command) {
        switch (command) {
            case Command.Found(String clusterId, long createdMillis) -> {
                json.writeStringProperty("clusterId", clusterId);
                json.writeNumberProperty("createdMillis", createdMillis);
            }
            case Command.Join(Node node) -> {
                json.writeName("node");
                StateCodec.write(json, node);
            }
            case Command.SetPhase(NodeId node, Node.Phase phase) -> {
                json.writeStringProperty("node", node.value());
                json.writeStringProperty("phase", phase.name());
            }
            case Command.Leave(NodeId node) -> json.writeStringProperty("node", node.value());
            case Command.Activate(long epoch) -> json.writeNumberProperty("epoch", epoch);
            case Command.Settle(long epoch) -> json.writeNumberProperty("epoch", epoch);
            case Command.Rebalance() -> {
                // It carries nothing.
            }
            case Command.CreateBucket(BucketName name, long createdMillis, Map<String, String> properties) -> {
                json.writeStringProperty("bucket", StateCodec.text(name));
                json.writeNumberProperty("createdMillis", createdMillis);
                StateCodec.write(json, "properties", properties);
            }
            case Command.SealBucket(BucketName name, long bucketId, boolean sealed) -> {
                json.writeStringProperty("bucket", StateCodec.text(name));
                json.writeNumberProperty("bucketId", bucketId);
                json.writeBooleanProperty("sealed", sealed);
            }
            case Command.DestroyBucket(BucketName name, long bucketId) -> {
                json.writeStringProperty("bucket", StateCodec.text(name));
                json.writeNumberProperty("bucketId", bucketId);
            }
            case Command.SetBucketProperties(BucketName name, Map<String, String> changes) -> {
                json.writeStringProperty("bucket", StateCodec.text(name));
                StateCodec.write(json, "changes", changes);
            }
            case Command.ResetBucketProperties(BucketName name) ->
                json.writeStringProperty("bucket", StateCodec.text(name));
            case Command.ChangeSettings(Map<String, String> changes) -> StateCodec.write(json, "changes", changes);
            case Command.AddUser(User user) -> {
                json.writeName("user");
                UserCodec.write(json, user);
            }
            case Command.AddUserKey(String name, User.AccessKey key, int kept) -> {
                json.writeStringProperty("name", name);
                json.writeName("key");
                UserCodec.write(json, key);
                json.writeNumberProperty("kept", kept);
            }
            case Command.EnableUser(String name, boolean enabled) -> {
                json.writeStringProperty("name", name);
                json.writeBooleanProperty("enabled", enabled);
            }
            case Command.RemoveUser(String name, boolean force) -> {
                json.writeStringProperty("name", name);
                json.writeBooleanProperty("force", force);
            }
        }
    }

    private static Command read(String kind, JsonFields fields) {
        return switch (kind) {
            case "found" -> new Command.Found(fields.text("clusterId"), fields.number("createdMillis"));
            case "join" -> new Command.Join(StateCodec.readNode(fields.object("node")));
            case "set-phase" ->
                new Command.SetPhase(
                        new NodeId(fields.text("node")), StateCodec.readEnum(fields, "phase", Node.Phase.class));
            case "leave" -> new Command.Leave(new NodeId(fields.text("node")));
            case "activate" -> new Command.Activate(fields.number("epoch"));
            case "settle" -> new Command.Settle(fields.number("epoch"));
            case "rebalance" -> new Command.Rebalance();
            case "create-bucket" ->
                new Command.CreateBucket(bucket(fields), fields.number("createdMillis"), fields.texts("properties"));
            case "seal-bucket" ->
                new Command.SealBucket(bucket(fields), fields.number("bucketId"), fields.flag("sealed"));
            case "destroy-bucket" -> new Command.DestroyBucket(bucket(fields), fields.number("bucketId"));
            case "set-bucket-properties" -> new Command.SetBucketProperties(bucket(fields), fields.texts("changes"));
            case "reset-bucket-properties" -> new Command.ResetBucketProperties(bucket(fields));
            case "change-settings" -> new Command.ChangeSettings(fields.texts("changes"));
            case "add-user" -> new Command.AddUser(UserCodec.read(fields.object("user")));
            case "add-user-key" ->
                new Command.AddUserKey(
                        fields.text("name"), UserCodec.readKey(fields.object("key")), (int) fields.number("kept"));
            case "enable-user" -> new Command.EnableUser(fields.text("name"), fields.flag("enabled"));
            case "remove-user" -> new Command.RemoveUser(fields.text("name"), fields.flag("force"));
            default -> throw fields.unreadable("its kind \"" + kind + "\" is unknown");
        };
    }

    private static BucketName bucket(JsonFields fields) {
        return StateCodec.readBucketName(fields, "bucket");
    }
}
