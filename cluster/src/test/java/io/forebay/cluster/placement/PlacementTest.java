package io.forebay.cluster.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vectors were computed with AIStore's own Python SDK.
final class PlacementTest {
    private static final String SET_A = "t1 t2 t3";
    private static final String SET_B = "AbCt8080 xyzt8081 QeRt8082";

    @ParameterizedTest
    @CsvSource({
        "t1, 14214570646889990061",
        "t2, 17780131176456335389",
        "t3, 7900451649967436292",
        "AbCt8080, 10182807164920464422",
        "xyzt8081, 2341925757791727196",
        "QeRt8082, 17855496117509552867"
    })
    void nodeDigests(String id, String digest) {
        assertThat(Placement.digestOf(new NodeId(id))).isEqualTo(Long.parseUnsignedLong(digest));
    }

    @Test
    void scrambler() {
        assertThat(Placement.mix(0)).isEqualTo(1905207664160064169L);
        assertThat(Placement.mix(4573842)).isEqualTo(5026071747115404967L);
    }

    @ParameterizedTest
    @CsvSource({
        "ais, '', '', mybck, obj, 4794323371435035470, t3, AbCt8080",
        "ais, '', '', mybck, a, 6821707643859723730, t1, QeRt8082",
        "ais, '', '', mybck, dir/sub/file.txt, 15042873722904030807, t2, xyzt8081",
        "aws, '', '', s3bucket, key-0001, 10668634444904140677, t2, AbCt8080",
        "gcp, '', '', gs-bucket, x/y/z.tar, 10236962126875055447, t2, xyzt8081",
        "ais, '', ns1, mybck, obj, 10444773831787795885, t3, AbCt8080",
        "ais, Bghort1l, ml, mybck, obj, 14715361936710483515, t3, QeRt8082",
        "ais, '', '', b, kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk, 487789503336481307,"
                + " t1, AbCt8080",
        "azure, '', '', cont, blob name with space?.bin, 10900000371984689900, t1, xyzt8081",
        "oci, '', '', bkt, ü.txt, 11933233926997730354, t1, QeRt8082"
    })
    void workedVectors(
            String provider,
            String uuid,
            String namespace,
            String bucket,
            String object,
            String digest,
            String winnerOfA,
            String winnerOfB) {
        BucketName name = new BucketName(Provider.parse(provider), new Namespace(uuid, namespace), bucket);
        ObjectKey key = new ObjectKey(name, object);
        assertThat(Placement.digestOf(key)).isEqualTo(Long.parseUnsignedLong(digest));
        assertThat(owner(map(SET_A), key)).isEqualTo(winnerOfA);
        assertThat(owner(map(SET_B), key)).isEqualTo(winnerOfB);
    }

    @Test
    void nodesOutOfServiceAndGatewaysOwnNothing() {
        ObjectKey key = key("obj");
        assertThat(owner(map(SET_A), key)).isEqualTo("t3");
        assertThat(owner(apply(map(SET_A), phase("t3", Node.Phase.MAINTENANCE)), key))
                .isEqualTo("t1");
        assertThat(owner(apply(map(SET_A), phase("t3", Node.Phase.DECOMMISSIONED)), key))
                .isEqualTo("t1");
        assertThat(owner(apply(map("t1 t2"), join("t3", Node.Role.GATEWAY)), key))
                .isEqualTo("t1");
    }

    @Test
    void withoutActiveNodesThereIsNoOwner() {
        Placement placement = Placement.of(apply(map("t1"), phase("t1", Node.Phase.MAINTENANCE)));
        assertThatThrownBy(() -> placement.owner(key("obj"))).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE);
            assertThat(e.text()).contains("no storage targets").contains("ais://mybck/obj");
        });
        assertThat(placement.ranked(key("obj"), 3)).isEmpty();
    }

    @Test
    void rankingOrdersByScoreFromTheOwnerDown() {
        Placement placement = Placement.of(map(SET_A));
        assertThat(ids(placement.ranked(key("obj"), 3))).containsExactly("t3", "t1", "t2");
        assertThat(ids(placement.ranked(key("obj"), 2))).containsExactly("t3", "t1");
        assertThat(ids(placement.ranked(key("obj"), 9))).containsExactly("t3", "t1", "t2");
    }

    @Test
    void removingANodeMovesOnlyItsKeysAndToTheNextInRank() {
        Random random = new Random(3);
        ClusterState all = randomMap(random, 9);
        Placement before = Placement.of(all);
        NodeId removed = all.owners().get(4).id();
        Placement after = Placement.of(apply(all, new Command.Leave(removed)));
        for (int index = 0; index < 5000; index++) {
            ObjectKey key = key(randomName(random));
            List<Node> ranked = before.ranked(key, 2);
            assertThat(before.owner(key)).isEqualTo(ranked.getFirst());
            Node expected = ranked.getFirst().id().equals(removed) ? ranked.getLast() : ranked.getFirst();
            assertThat(after.owner(key)).isEqualTo(expected);
        }
    }

    @Test
    void keysAreSpreadEvenly() {
        Random random = new Random(4);
        Placement placement = Placement.of(randomMap(random, 8));
        Map<String, Integer> counts = new HashMap<>();
        for (int index = 0; index < 40_000; index++) {
            counts.merge(
                    placement.owner(key("train/img-" + index + ".jpg")).id().value(), 1, Integer::sum);
        }
        assertThat(counts).hasSize(8);
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(4650, 5350));
    }

    @Test
    void digestOfEveryNameIsThatOfItsUniqueNameInUtf8() {
        Random random = new Random(6);
        for (int index = 0; index < 2000; index++) {
            ObjectKey key = key(randomName(random));
            byte[] uname = key.uname().getBytes(StandardCharsets.UTF_8);
            assertThat(Placement.digestOf(key)).isEqualTo(XxHash64.hash(uname, 1103515245));
        }
    }

    private static String owner(ClusterState state, ObjectKey key) {
        return Placement.of(state).owner(key).id().value();
    }

    private static List<String> ids(List<Node> nodes) {
        return nodes.stream().map(node -> node.id().value()).toList();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(BucketName.of("mybck"), name);
    }

    private static ClusterState map(String ids) {
        ClusterState state = ClusterState.EMPTY;
        for (String id : List.of(ids.split(" ", -1))) {
            state = apply(state, join(id, Node.Role.STORAGE));
        }
        return state;
    }

    private static ClusterState randomMap(Random random, int size) {
        List<String> ids = new ArrayList<>();
        for (int index = 0; index < size; index++) {
            ids.add("n" + index + Long.toHexString(random.nextLong()));
        }
        return map(String.join(" ", ids));
    }

    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        int length = 1 + random.nextInt(60);
        int highest = random.nextInt(4) == 0 ? 0x2000 : 0x7F;
        for (int index = 0; index < length; index++) {
            name.append((char) (1 + random.nextInt(highest)));
        }
        return name.toString();
    }

    private static ClusterState apply(ClusterState state, Command command) {
        return state.apply(command).state();
    }

    private static Command join(String id, Node.Role role) {
        return new Command.Join(new Node(new NodeId(id), role, "http://h:1", "http://h:2", Node.Phase.ACTIVE));
    }

    private static Command phase(String id, Node.Phase phase) {
        return new Command.SetPhase(new NodeId(id), phase);
    }
}
