package io.forebay.cluster.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Epoch;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.state.User;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StateCodecTest {
    private static final String GOLDEN = "{\"format\":2,\"version\":6,\"clusterId\":\"Cluster01\",\"createdMillis\":5,"
            + "\"nextBucketId\":3,\"nodes\":[{\"id\":\"t1\",\"role\":\"STORAGE\",\"dataUrl\":\"http://h:1\","
            + "\"controlUrl\":\"http://h:2\",\"phase\":\"MAINTENANCE\"}],\"epochs\":[{\"number\":2,"
            + "\"owners\":\"\",\"active\":true}],\"buckets\":[{\"name\":\"ais/@#/train\","
            + "\"id\":1,\"createdMillis\":8,\"sealed\":false,\"properties\":{\"forebay.md5\":\"false\"}},"
            + "{\"name\":\"ais/@#/test\",\"id\":2,\"createdMillis\":9,\"sealed\":false,\"properties\":{}}],"
            + "\"settings\":{\"a\":\"b\"}}";

    /// Snapshots of format 1, which had no epochs, held this.
    private static final String GOLDEN_1 =
            "{\"format\":1,\"version\":6,\"clusterId\":\"Cluster01\",\"createdMillis\":5,"
                    + "\"nextBucketId\":3,\"nodes\":[{\"id\":\"t1\",\"role\":\"STORAGE\",\"dataUrl\":\"http://h:1\","
                    + "\"controlUrl\":\"http://h:2\",\"phase\":\"MAINTENANCE\"}],\"buckets\":[{\"name\":\"ais/@#/train\","
                    + "\"id\":1,\"createdMillis\":8,\"sealed\":false,\"properties\":{\"forebay.md5\":\"false\"}},"
                    + "{\"name\":\"ais/@#/test\",\"id\":2,\"createdMillis\":9,\"sealed\":false,\"properties\":{}}],"
                    + "\"settings\":{\"a\":\"b\"}}";

    /// Snapshots of format 3 held exactly this, and those of a cluster without users still do.
    private static final String GOLDEN_3 =
            "{\"format\":3,\"version\":9,\"clusterId\":\"Cluster01\",\"createdMillis\":5,"
                    + "\"nextBucketId\":2,\"nodes\":[{\"id\":\"t1\",\"role\":\"STORAGE\",\"dataUrl\":\"http://h:1\","
                    + "\"controlUrl\":\"http://h:2\",\"phase\":\"ACTIVE\"},{\"id\":\"t2\",\"role\":\"STORAGE\","
                    + "\"dataUrl\":\"http://h:1\",\"controlUrl\":\"http://h:2\",\"phase\":\"ACTIVE\"},{\"id\":\"t3\","
                    + "\"role\":\"STORAGE\",\"dataUrl\":\"http://h:1\",\"controlUrl\":\"http://h:2\","
                    + "\"phase\":\"ACTIVE\"}],\"epochs\":[{\"number\":1,\"owners\":\"t1\",\"phase\":\"SETTLED\"},"
                    + "{\"number\":3,\"owners\":\"t1 t2\",\"phase\":\"ACTIVE\"},{\"number\":4,"
                    + "\"owners\":\"t1 t2 t3\",\"phase\":\"PENDING\"}],\"buckets\":[{\"name\":\"ais/@#/train\","
                    + "\"id\":1,\"createdMillis\":8,\"sealed\":false,\"established\":1,\"most\":2,"
                    + "\"firstEpoch\":1,"
                    + "\"properties\":{\"forebay.copies\":\"2\",\"mirror.copies\":\"2\",\"mirror.enabled\":\"true\"}}],"
                    + "\"settings\":{\"a\":\"b\"}}";

    @Test
    void encodingWithEpochsThatMoveIsGolden() {
        ClusterState state = ClusterState.EMPTY;
        for (Command command : List.of(
                new Command.Found("Cluster01", 5),
                new Command.ChangeSettings(Map.of("a", "b")),
                join("t1"),
                new Command.CreateBucket(BucketName.of("train"), 8, Map.of()),
                join("t2"),
                new Command.SetBucketProperties(BucketName.of("train"), Map.of("forebay.copies", "2")),
                new Command.Activate(3),
                join("t3"),
                new Command.Leave(new NodeId("t4")))) {
            state = state.apply(command).state();
        }
        assertThat(new String(StateCodec.encode(state), UTF_8)).isEqualTo(GOLDEN_3);
        assertThat(StateCodec.decode(GOLDEN_3.getBytes(UTF_8))).isEqualTo(state);
    }

    /// Snapshots of format 4 hold exactly this of users.
    @Test
    void encodingWithUsersIsGolden() {
        ClusterState state = ClusterState.EMPTY
                .apply(new Command.AddUser(
                        new User("bob", "u2", 7, false, true, List.of(new User.AccessKey("BK", "sealed", 7)))))
                .state()
                .apply(new Command.AddUserKey("bob", new User.AccessKey("BK2", "sealed2", 9), 1))
                .state()
                .apply(new Command.AddUser(new User("alice", "u1", 8, true, false, List.of())))
                .state();
        assertThat(new String(StateCodec.encode(state), UTF_8))
                .startsWith("{\"format\":4,\"version\":3,")
                .endsWith("\"settings\":{},\"users\":[{\"name\":\"alice\",\"id\":\"u1\",\"createdMillis\":8,"
                        + "\"administrator\":true,\"enabled\":false,\"keys\":[]},{\"name\":\"bob\",\"id\":\"u2\","
                        + "\"createdMillis\":7,\"administrator\":false,\"enabled\":true,\"keys\":[{\"id\":\"BK2\","
                        + "\"secret\":\"sealed2\",\"createdMillis\":9},{\"id\":\"BK\",\"secret\":\"sealed\","
                        + "\"createdMillis\":7}]}]}");
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
    }

    /// Of an owner set that was left in the middle of a change, with objects that never moved.
    @Test
    void epochsOfFormatTwoAreRead() {
        String epochs = "[{\"number\":2,\"owners\":\"t1\",\"active\":true},"
                + "{\"number\":4,\"owners\":\"\",\"active\":true},{\"number\":5,\"owners\":\"t1\",\"active\":false}]";
        String stored = GOLDEN.replace("[{\"number\":2,\"owners\":\"\",\"active\":true}]", epochs);
        assertThat(StateCodec.decode(stored.getBytes(UTF_8)).epochs())
                .isEqualTo(List.of(
                        new Epoch(2, List.of(new NodeId("t1")), Epoch.Phase.SETTLED),
                        new Epoch(4, List.of(), Epoch.Phase.ACTIVE),
                        new Epoch(5, List.of(new NodeId("t1")), Epoch.Phase.PENDING)));
    }

    /// Snapshots of format 2 held exactly this.
    @Test
    void formatTwoIsRead() {
        Node node = new Node(new NodeId("t1"), Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE);
        ClusterState state = ClusterState.EMPTY;
        for (Command command : List.of(
                new Command.Found("Cluster01", 5),
                new Command.Join(node),
                new Command.SetPhase(node.id(), Node.Phase.MAINTENANCE),
                new Command.CreateBucket(BucketName.of("train"), 8, Map.of("forebay.md5", "false")),
                new Command.CreateBucket(BucketName.of("test"), 9, Map.of()),
                new Command.ChangeSettings(Map.of("a", "b")))) {
            state = state.apply(command).state();
        }
        assertThat(StateCodec.decode(GOLDEN.getBytes(UTF_8)))
                .usingRecursiveComparison()
                .ignoringFields("buckets")
                .isEqualTo(state);
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
    }

    @Test
    void formatOneIsRead() {
        String owning = GOLDEN_1.replace("MAINTENANCE", "ACTIVE");
        ClusterState state = StateCodec.decode(owning.getBytes(UTF_8));
        assertThat(state.epochs()).isEqualTo(List.of(new Epoch(1, List.of(new NodeId("t1")), Epoch.Phase.SETTLED)));
        assertThat(StateCodec.decode(GOLDEN_1.getBytes(UTF_8)).epochs()).isEmpty();
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
    }

    @Test
    void epochsComeBack() {
        ClusterState state = ClusterState.EMPTY;
        for (Command command : List.of(
                new Command.ChangeSettings(Map.of("a", "b")),
                new Command.CreateBucket(BucketName.of("train"), 8, Map.of()),
                join("t1"),
                join("t2"),
                new Command.Activate(2),
                join("t3"))) {
            state = state.apply(command).state();
        }
        assertThat(state.epochs()).hasSize(3);
        assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
    }

    private static Command join(String id) {
        return new Command.Join(
                new Node(new NodeId(id), Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE));
    }

    @Test
    void emptyStateComesBack() {
        assertThat(StateCodec.decode(StateCodec.encode(ClusterState.EMPTY))).isEqualTo(ClusterState.EMPTY);
    }

    @Test
    void newerFormatIsNamed() {
        assertThatThrownBy(() -> StateCodec.decode("{\"format\":5,\"shape\":\"unknown\"}".getBytes(UTF_8)))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                    assertThat(e.text()).contains("newer Forebay");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"id\":1,", "\"settings\":{\"a\":\"b\"}", "\"version\":6,", "]"})
    void missingPartsAreCorrupt(String part) {
        byte[] bytes = GOLDEN.replace(part, "").getBytes(UTF_8);
        assertThatThrownBy(() -> StateCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }

    @Test
    void doubledBucketsAreCorrupt() {
        byte[] bytes = GOLDEN.replace("/test", "/train").getBytes(UTF_8);
        assertThatThrownBy(() -> StateCodec.decode(bytes)).hasMessageContaining("twice");
    }
}
