package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.codec.CommandCodec;
import io.forebay.cluster.codec.StateCodec;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.Provider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random commands against a model of a few maps. `-Dseed=` repeats a run, `-Diterations=` makes it longer.
final class ClusterStateFuzzTest {
    private static final int COMMANDS = 300;
    private static final List<Node.Phase> PHASES = List.of(Node.Phase.values());
    private static final List<String> WORDS = List.of("", "1", "2", "3", "strict", "none", "x\"\n\u20ac");

    private final Map<BucketName, Long> bucketIds = new HashMap<>();
    private final Map<BucketName, Map<String, String>> properties = new HashMap<>();
    private final Set<Long> usedIds = new HashSet<>();
    private final Map<NodeId, Node> nodes = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final Map<String, User> users = new TreeMap<>();
    private @Nullable String clusterId;

    @Test
    void stateBehavesLikeItsModel() {
        long seed = Long.getLong("seed", System.nanoTime());
        int iterations = Integer.getInteger("iterations", 20);
        System.out.println("ClusterStateFuzzTest: -Dseed=" + seed + " -Diterations=" + iterations);
        for (int iteration = 0; iteration < iterations; iteration++) {
            forget();
            runOnce(new Random(seed + iteration));
        }
    }

    private void forget() {
        bucketIds.clear();
        properties.clear();
        usedIds.clear();
        nodes.clear();
        settings.clear();
        users.clear();
        clusterId = null;
    }

    private void runOnce(Random random) {
        ClusterState state = ClusterState.EMPTY;
        for (int step = 0; step < COMMANDS; step++) {
            Command command = randomCommand(random, state);
            boolean allowed = applyToModel(command, state);
            byte[] before = StateCodec.encode(state);
            Applied applied = state.apply(command);
            assertThat(StateCodec.encode(state)).as("the input is not changed").isEqualTo(before);
            assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
            assertThat(StateCodec.decode(before).apply(command))
                    .as("equal input, equal result")
                    .isEqualTo(applied);
            assertThat(applied instanceof Applied.Changed)
                    .as("%s is allowed", command)
                    .isEqualTo(allowed);
            assertThat(applied.state().version()).isEqualTo(state.version() + 1);
            if (applied instanceof Applied.Refused) {
                assertThat(unversioned(applied.state())).isEqualTo(unversioned(state));
            }
            state = applied.state();
            assertEqualsModel(state);
        }
    }

    private static ClusterState unversioned(ClusterState state) {
        return new ClusterState(
                0,
                state.clusterId(),
                state.createdMillis(),
                state.nodes(),
                state.epochs(),
                state.buckets(),
                state.nextBucketId(),
                state.settings(),
                state.users());
    }

    private void assertEqualsModel(ClusterState state) {
        assertThat(state.clusterId()).isEqualTo(clusterId == null ? "" : clusterId);
        assertThat(state.nodes()).isEqualTo(nodes);
        assertThat(state.settings()).isEqualTo(settings);
        assertThat(state.users()).isEqualTo(users);
        assertEpochs(state);
        assertThat(state.buckets().keySet()).isEqualTo(properties.keySet());
        state.buckets().forEach((name, bucket) -> {
            assertThat(bucket.properties()).isEqualTo(properties.get(name));
            if (bucketIds.put(name, bucket.id()) == null) {
                assertThat(usedIds.add(bucket.id()))
                        .as("id %s of %s is new", bucket.id(), name)
                        .isTrue();
            }
        });
        bucketIds.keySet().retainAll(properties.keySet());
        assertThat(new HashSet<>(bucketIds.values())).hasSameSizeAs(bucketIds.keySet());
        assertThat(usedIds).allSatisfy(id -> assertThat(id).isLessThan(state.nextBucketId()));
    }

    /// Whether the command is allowed; if so, the model has changed.
    private boolean applyToModel(Command command, ClusterState state) {
        return switch (command) {
            case Command.Found found -> {
                boolean first = clusterId == null;
                clusterId = first ? found.clusterId() : clusterId;
                yield first;
            }
            case Command.Join(Node node) -> {
                Node known = nodes.getOrDefault(node.id(), node);
                nodes.computeIfPresent(node.id(), (id, old) -> old.role() == node.role() ? node.in(old.phase()) : old);
                nodes.putIfAbsent(node.id(), node);
                yield known.role() == node.role();
            }
            case Command.SetPhase(NodeId id, Node.Phase phase) ->
                !isLastOwner(id, phase, state) && nodes.computeIfPresent(id, (same, node) -> node.in(phase)) != null;
            case Command.Leave(NodeId id) -> nodes.remove(id) != null;
            case Command.Activate(long epoch) ->
                !state.epochs().isEmpty()
                        && state.newestEpoch().number() == epoch
                        && !state.newestEpoch().serves();
            case Command.Settle(long epoch) ->
                !state.epochs().isEmpty()
                        && state.newestEpoch().number() == epoch
                        && state.newestEpoch().phase() == Epoch.Phase.ACTIVE;
            case Command.Rebalance rebalance -> true;
            case Command.CreateBucket create ->
                isReadable(create.properties())
                        && properties.putIfAbsent(create.name(), mirrored(Map.of(), create.properties())) == null;
            case Command.SealBucket seal -> hasId(seal.name(), seal.bucketId());
            case Command.DestroyBucket destroy ->
                hasId(destroy.name(), destroy.bucketId()) && properties.remove(destroy.name()) != null;
            case Command.SetBucketProperties change ->
                isReadable(change.changes())
                        && mayHaveCopies(state, change.name(), change.changes().get(Bucket.COPIES))
                        && properties.computeIfPresent(change.name(), (name, old) -> mirrored(old, change.changes()))
                                != null;
            case Command.ResetBucketProperties reset ->
                mayHaveCopies(state, reset.name(), "")
                        && properties.computeIfPresent(reset.name(), (name, old) -> Map.of()) != null;
            case Command.ChangeSettings change -> {
                Map<String, String> next = merged(settings, change.changes());
                settings.clear();
                settings.putAll(next);
                yield true;
            }
            case Command.AddUser(User user) ->
                !isTaken(user.keys().getFirst()) && users.putIfAbsent(user.name(), user) == null;
            case Command.AddUserKey(String name, User.AccessKey key, int kept) ->
                !isTaken(key) && users.computeIfPresent(name, (same, user) -> withKey(user, key, kept)) != null;
            case Command.EnableUser(String name, boolean enabled) ->
                users.computeIfPresent(
                                name,
                                (same, user) ->
                                        new User(name, user.id(), user.createdMillis(), true, enabled, user.keys()))
                        != null;
            case Command.RemoveUser(String name, boolean force) -> {
                User user = users.get(name);
                boolean allowed = user != null && (force || owned(user).isEmpty());
                if (user != null && allowed) {
                    owned(user)
                            .forEach(bucket -> properties.computeIfPresent(
                                    bucket, (same, old) -> merged(old, Map.of(Bucket.OWNER, ""))));
                    users.remove(name);
                }
                yield allowed;
            }
        };
    }

    private List<BucketName> owned(User user) {
        return properties.entrySet().stream()
                .filter(bucket -> user.id().equals(bucket.getValue().get(Bucket.OWNER)))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean isTaken(User.AccessKey key) {
        return users.values().stream()
                .flatMap(user -> user.keys().stream())
                .anyMatch(known -> known.id().equals(key.id()));
    }

    private static User withKey(User user, User.AccessKey key, int kept) {
        List<User.AccessKey> keys = new ArrayList<>(List.of(key));
        if (kept > 0 && !user.keys().isEmpty()) {
            keys.add(user.keys().getFirst());
        }
        return new User(user.name(), user.id(), user.createdMillis(), true, user.enabled(), keys);
    }

    private static User.AccessKey randomKey(Random random) {
        return new User.AccessKey("K" + random.nextInt(12), "sealed", random.nextInt(100));
    }

    private boolean isLastOwner(NodeId id, Node.Phase phase, ClusterState state) {
        return Set.of(Node.Phase.MAINTENANCE, Node.Phase.DECOMMISSIONED).contains(phase)
                && !properties.isEmpty()
                && state.owners().stream().map(Node::id).toList().equals(List.of(id));
    }

    private boolean hasId(BucketName name, long id) {
        Long known = bucketIds.get(name);
        return known != null && (id == 0 || known == id);
    }

    private static boolean isReadable(Map<String, String> changes) {
        return Set.of("", "none", "group", "strict").contains(changes.getOrDefault(Bucket.DURABILITY, ""))
                && Set.of("", "1", "2", "3").contains(changes.getOrDefault(Bucket.COPIES, ""));
    }

    /// Whether the bucket may have so many copies: never more again after fewer, before the state is
    /// settled.
    private static boolean mayHaveCopies(ClusterState state, BucketName name, @Nullable String copies) {
        Bucket bucket = state.bucket(name);
        if (bucket == null || copies == null) {
            return true;
        }
        int next = copies.isEmpty() ? 1 : Integer.parseInt(copies);
        if (next < bucket.copies()) {
            return state.isSettled();
        }
        return next <= bucket.copies() || bucket.copies() == bucket.most();
    }

    /// As `merged`, and AIStore's mirror says how many copies there are.
    private static Map<String, String> mirrored(Map<String, String> old, Map<String, String> changes) {
        Map<String, String> next = merged(old, changes);
        if (changes.containsKey(Bucket.COPIES)) {
            next.keySet().removeAll(List.of(Bucket.MIRROR, Bucket.MIRROR_COPIES));
            String copies = next.getOrDefault(Bucket.COPIES, "1");
            if (!copies.equals("1")) {
                next.putAll(Map.of(Bucket.MIRROR, "true", Bucket.MIRROR_COPIES, copies));
            }
        }
        return next;
    }

    private static Map<String, String> merged(Map<String, String> old, Map<String, String> changes) {
        Map<String, String> next = new TreeMap<>(old);
        next.putAll(changes);
        next.values().removeIf(String::isEmpty);
        return next;
    }

    private static void assertEpochs(ClusterState state) {
        List<Epoch> epochs = state.epochs();
        List<NodeId> owners = state.owners().stream().map(Node::id).toList();
        assertThat(epochs.isEmpty() ? List.of() : epochs.getLast().owners()).isEqualTo(owners);
        assertThat(epochs).hasSizeLessThanOrEqualTo(EpochList.MAX);
        for (int index = 0; index < epochs.size(); index++) {
            assertThat(index == 0
                            || epochs.get(index).number()
                                    > epochs.get(index - 1).number())
                    .isTrue();
            assertThat(epochs.get(index).serves() || (index > 0 && index == epochs.size() - 1))
                    .as("only the newest epoch may be pending, and never alone: %s", epochs)
                    .isTrue();
            assertThat(epochs.get(index).phase() == Epoch.Phase.SETTLED)
                    .as("the base is settled, and nothing else: %s", epochs)
                    .isEqualTo(index == 0);
        }
        state.buckets().values().forEach(bucket -> {
            assertThat(bucket.established()).isBetween(1, bucket.copies());
            assertThat(bucket.most()).isGreaterThanOrEqualTo(bucket.copies());
            assertThat(state.isSettled() && bucket.established() < bucket.most() && !epochs.isEmpty())
                    .as("%s has its copies, as the state is settled", bucket)
                    .isFalse();
        });
    }

    private Command randomCommand(Random random, ClusterState state) {
        BucketName bucket = new BucketName(
                random.nextInt(4) == 0 ? Provider.AWS : Provider.AIS,
                random.nextInt(4) == 0 ? new Namespace("uuid1", "ns") : Namespace.GLOBAL,
                "b" + random.nextInt(6));
        NodeId node = new NodeId("t" + random.nextInt(5));
        long id = random.nextInt(3) == 0 ? random.nextInt(20) : bucketIds.getOrDefault(bucket, 0L);
        String user = "u" + random.nextInt(4);
        return switch (random.nextInt(23)) {
            case 0 -> new Command.Found("Cluster" + random.nextInt(3), random.nextInt(100));
            case 1, 2 -> new Command.Join(randomNode(random, node));
            case 3 -> new Command.SetPhase(node, PHASES.get(random.nextInt(PHASES.size())));
            case 4 -> new Command.Leave(node);
            case 5, 6, 7 -> new Command.CreateBucket(bucket, random.nextInt(100), randomTexts(random));
            case 8 -> new Command.SealBucket(bucket, id, random.nextBoolean());
            case 9, 10 -> new Command.DestroyBucket(bucket, id);
            case 11 -> new Command.SetBucketProperties(bucket, randomTexts(random));
            case 14 -> new Command.Activate(state.epochs().size() + random.nextInt(2));
            case 15 -> new Command.Activate(newestEpoch(state));
            case 16 -> new Command.Settle(newestEpoch(state));
            case 12 -> new Command.ResetBucketProperties(bucket);
            case 17 -> new Command.Rebalance();
            case 18 -> new Command.AddUser(new User(user, user, 1, true, true, List.of(randomKey(random))));
            case 19 -> new Command.AddUserKey(user, randomKey(random), random.nextInt(3));
            case 20 -> new Command.EnableUser(user, random.nextBoolean());
            case 21 -> new Command.RemoveUser(user, random.nextBoolean());
            case 22 -> new Command.SetBucketProperties(bucket, Map.of(Bucket.OWNER, user));
            default -> new Command.ChangeSettings(randomTexts(random));
        };
    }

    private static long newestEpoch(ClusterState state) {
        return state.epochs().isEmpty() ? 0 : state.newestEpoch().number();
    }

    private static Node randomNode(Random random, NodeId id) {
        Node.Role role = random.nextInt(4) == 0 ? Node.Role.GATEWAY : Node.Role.STORAGE;
        return new Node(id, role, "http://h:" + random.nextInt(9), "http://c:1", Node.Phase.ACTIVE);
    }

    private static Map<String, String> randomTexts(Random random) {
        Map<String, String> texts = new HashMap<>();
        List<String> names = List.of(Bucket.DURABILITY, Bucket.MD5, Bucket.COPIES, "c");
        for (int count = random.nextInt(4); count > 0; count--) {
            texts.put(names.get(random.nextInt(names.size())), WORDS.get(random.nextInt(WORDS.size())));
        }
        return texts;
    }
}
