package io.forebay.cluster.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.state.User;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.Provider;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs hold these encodings, so they never change. A command stays in the format that it came with.
final class CommandCodecTest {
    private static final BucketName BUCKET = BucketName.of("train");
    private static final BucketName REMOTE = new BucketName(Provider.AWS, new Namespace("Bghort1l", "ml"), "b.1");
    private static final Node NODE =
            new Node(new NodeId("t1"), Node.Role.STORAGE, "http://h:1", "http://h:2", Node.Phase.ACTIVE);

    private static final User.AccessKey KEY = new User.AccessKey("AK", "sealed", 8);
    private static final User USER = new User("alice", "u1", 7, true, false, List.of(KEY));

    record Golden(Command command, String json, int format) {
        Golden(Command command, String json) {
            this(command, json, 1);
        }
    }

    static Stream<Golden> golden() {
        return Stream.of(
                new Golden(
                        new Command.Found("c-1\"é", 1_700_000_000_000L),
                        "{\"found\":{\"clusterId\":\"c-1\\\"é\",\"createdMillis\":1700000000000}}"),
                new Golden(
                        new Command.Join(NODE),
                        "{\"join\":{\"node\":{\"id\":\"t1\",\"role\":\"STORAGE\",\"dataUrl\":\"http://h:1\","
                                + "\"controlUrl\":\"http://h:2\",\"phase\":\"ACTIVE\"}}}"),
                new Golden(
                        new Command.SetPhase(NODE.id(), Node.Phase.MAINTENANCE),
                        "{\"set-phase\":{\"node\":\"t1\",\"phase\":\"MAINTENANCE\"}}"),
                new Golden(
                        new Command.SetPhase(NODE.id(), Node.Phase.OFFLINE),
                        "{\"set-phase\":{\"node\":\"t1\",\"phase\":\"OFFLINE\"}}",
                        2),
                new Golden(new Command.Activate(7), "{\"activate\":{\"epoch\":7}}", 2),
                new Golden(new Command.Settle(8), "{\"settle\":{\"epoch\":8}}", 2),
                new Golden(new Command.Rebalance(), "{\"rebalance\":{}}", 3),
                new Golden(new Command.Leave(NODE.id()), "{\"leave\":{\"node\":\"t1\"}}"),
                new Golden(
                        new Command.CreateBucket(REMOTE, 7, Map.of("b", "2", "a", "1")),
                        "{\"create-bucket\":{\"bucket\":\"aws/@Bghort1l#ml/b.1\",\"createdMillis\":7,"
                                + "\"properties\":{\"a\":\"1\",\"b\":\"2\"}}}"),
                new Golden(
                        new Command.SealBucket(BUCKET, 3, true),
                        "{\"seal-bucket\":{\"bucket\":\"ais/@#/train\",\"bucketId\":3,\"sealed\":true}}"),
                new Golden(
                        new Command.DestroyBucket(BUCKET, 3),
                        "{\"destroy-bucket\":{\"bucket\":\"ais/@#/train\",\"bucketId\":3}}"),
                new Golden(
                        new Command.SetBucketProperties(BUCKET, Map.of("access", "")),
                        "{\"set-bucket-properties\":{\"bucket\":\"ais/@#/train\",\"changes\":{\"access\":\"\"}}}"),
                new Golden(
                        new Command.ResetBucketProperties(BUCKET),
                        "{\"reset-bucket-properties\":{\"bucket\":\"ais/@#/train\"}}"),
                new Golden(
                        new Command.ChangeSettings(Map.of("x.y", "z")),
                        "{\"change-settings\":{\"changes\":{\"x.y\":\"z\"}}}"),
                new Golden(
                        new Command.AddUser(USER),
                        "{\"add-user\":{\"user\":{\"name\":\"alice\",\"id\":\"u1\",\"createdMillis\":7,"
                                + "\"administrator\":true,\"enabled\":false,\"keys\":[{\"id\":\"AK\","
                                + "\"secret\":\"sealed\",\"createdMillis\":8}]}}}",
                        4),
                new Golden(
                        new Command.AddUserKey("alice", KEY, 1),
                        "{\"add-user-key\":{\"name\":\"alice\",\"key\":{\"id\":\"AK\",\"secret\":\"sealed\","
                                + "\"createdMillis\":8},\"kept\":1}}",
                        4),
                new Golden(
                        new Command.EnableUser("alice", true),
                        "{\"enable-user\":{\"name\":\"alice\",\"enabled\":true}}",
                        4),
                new Golden(
                        new Command.RemoveUser("alice", false),
                        "{\"remove-user\":{\"name\":\"alice\",\"force\":false}}",
                        4));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void encodingIsGolden(Golden golden) {
        byte[] bytes = CommandCodec.encode(golden.command);
        assertThat(new String(bytes, UTF_8)).isEqualTo((char) golden.format + golden.json);
        assertThat(CommandCodec.decode(bytes)).isEqualTo(golden.command);
    }

    @Test
    void everyKindHasAGoldenEncoding() {
        assertThat(golden().map(golden -> golden.command.getClass()).distinct())
                .hasSameSizeAs(Command.class.getPermittedSubclasses());
    }

    @Test
    void newerFormatIsNamed() {
        assertThatThrownBy(() -> CommandCodec.decode(new byte[] {5, '{', '}'}))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED);
                    assertThat(e.text()).contains("newer").contains("5").contains("4");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\u0001",
                "\u0001[]",
                "\u0001{}",
                "\u0001{\"leave\":{\"node\":\"t1\"}",
                "\u0001{\"leave\":{\"node\":\"t1\"}} 1",
                "\u0001{\"leave\":{\"node\":\"t1\",\"more\":1}}",
                "\u0001{\"leave\":{\"node\":\"t1\"},\"leave2\":{}}",
                "\u0001{\"leave\":{\"node\":7}}",
                "\u0001{\"leave\":{\"node\":null}}",
                "\u0001{\"leave\":{\"node\":\"t1\",\"node\":\"t2\"}}",
                "\u0001{\"leave\":{}}",
                "\u0001{\"vanish\":{}}",
                "\u0001{\"set-phase\":{\"node\":\"t1\",\"phase\":\"ASLEEP\"}}",
                "\u0001{\"change-settings\":{\"changes\":{\"a\":1}}}",
                "\u0001{\"reset-bucket-properties\":{\"bucket\":\"train\"}}"
            })
    void whatIsNoCommandIsCorrupt(String bytes) {
        assertThatThrownBy(() -> CommandCodec.decode(bytes.getBytes(UTF_8)))
                .isInstanceOfSatisfying(StoreException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT);
                    assertThat(e.text()).startsWith("a stored command is unreadable");
                });
    }
}
