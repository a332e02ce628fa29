package io.forebay.storage.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What must be visible, and what may be after a crash now. Names and digests are those of
/// `SimulatedStore.world`.
final class Model {
    /// For every key that ever was: the states that may be found after a crash, the newest last. More than one
    /// only while writes without a sync are not durable.
    private final Map<String, List<State>> states = new TreeMap<>();
    /// What was done since everything was durable, in the order of the log: a crash leaves a beginning of it.
    private final List<List<Change>> later = new ArrayList<>();
    private final boolean ordered;
    private List<Change> inFlight = List.of();
    private Kind kind = Kind.ATOMIC;
    private String tolerated = "-";
    private long seed;

    private Model(boolean ordered) {
        this.ordered = ordered;
    }

    /// A state of one key; null for absent.
    ///
    /// @param ownFile whether its bytes are in a file that no sync of the log makes durable
    private record State(@Nullable String digest, boolean ownFile) {}

    /// What an operation is about to do to one key.
    record Change(String key, @Nullable String digest, boolean ownFile) {
        static Change to(String key, String digest) {
            return new Change(key, digest, false);
        }

        static Change gone(String key) {
            return new Change(key, null, false);
        }
    }

    /// How the changes of an operation become visible.
    enum Kind {
        /// All at once.
        ATOMIC,
        /// One after the other.
        PIECEMEAL
    }

    /// When what an operation did is durable.
    enum Promise {
        /// When it returns, with everything before it in the log.
        DURABLE,
        /// Later.
        LATER
    }

    /// What may be found after a crash at one moment.
    record Expectation(
            Map<String, Set<String>> acceptable,
            Map<String, String> before,
            Map<String, String> after,
            Order order,
            String tolerated,
            long hash) {
        static final String ABSENT = "absent";

        /// Throws an AssertionError when the world is none that may be.
        void check(Map<String, String> world) {
            Set<String> keys = new HashSet<>(world.keySet());
            keys.addAll(acceptable.keySet());
            for (String key : keys) {
                String found = world.getOrDefault(key, ABSENT);
                Set<String> allowed = acceptable.getOrDefault(key, Set.of(ABSENT));
                if (!allowed.contains(found) && !isTolerated(key)) {
                    throw new AssertionError(key + " is " + found + ", not one of " + allowed);
                }
            }
            checkWhole(world);
            order.check(world);
        }

        private boolean isTolerated(String key) {
            return key.startsWith("u/" + tolerated) || key.startsWith("p/" + tolerated);
        }

        /// Of changes that are visible at once, all are or none is.
        private void checkWhole(Map<String, String> world) {
            String done = null;
            String undone = null;
            for (Map.Entry<String, String> change : after.entrySet()) {
                String key = change.getKey();
                String found = world.getOrDefault(key, ABSENT);
                boolean changes = !change.getValue().equals(before.get(key));
                done = changes && found.equals(change.getValue()) ? key : done;
                undone = changes && !found.equals(change.getValue()) ? key : undone;
            }
            if (done != null && undone != null) {
                throw new AssertionError("half visible: " + done + " is changed, " + undone + " is not");
            }
        }
    }

    /// What is in one log.
    ///
    /// @param base what its keys had before
    /// @param steps what they have after each step; each step is visible as a whole
    record Order(Map<String, String> base, List<Map<String, String>> steps) {
        private static final Order NONE = new Order(Map.of(), List.of());

        /// Throws an AssertionError when the world has something behind a step that it has not.
        void check(Map<String, String> world) {
            Map<String, String> found = new HashMap<>();
            base.keySet().forEach(key -> found.put(key, world.getOrDefault(key, Expectation.ABSENT)));
            Map<String, String> expected = new HashMap<>(base);
            boolean matches = expected.equals(found);
            for (Map<String, String> step : steps) {
                expected.putAll(step);
                matches |= expected.equals(found);
            }
            if (!matches) {
                throw new AssertionError("no beginning of what was written is there, but " + found + " of " + steps);
            }
        }
    }

    /// A model of one volume.
    static Model of(Map<String, String> world) {
        return of(world, true);
    }

    /// A model of volumes whose logs know nothing of each other.
    static Model ofSeveral(Map<String, String> world) {
        return of(world, false);
    }

    private static Model of(Map<String, String> world, boolean ordered) {
        Model model = new Model(ordered);
        world.forEach((key, digest) -> model.states.put(key, new ArrayList<>(List.of(new State(digest, false)))));
        return model;
    }

    /// Bytes that no other write has, the same for the same row of operations.
    byte[] content(int length) {
        return content(++seed, length);
    }

    void seed(long start) {
        seed = start;
    }

    private static byte[] content(long seed, int length) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed * 31 + length).nextBytes(bytes);
        return bytes;
    }

    /// The newest state of a key, or null.
    @Nullable
    String newest(String key) {
        List<State> known = states.get(key);
        return known == null ? null : known.getLast().digest;
    }

    boolean has(String key) {
        return newest(key) != null;
    }

    /// The keys that are there and begin so.
    List<String> keys(String prefix) {
        return states.keySet().stream()
                .filter(key -> key.startsWith(prefix) && has(key))
                .toList();
    }

    /// Says what is about to be done. Uploads of an object `mayLeave` (bucket and name) may be left in a crash.
    void begin(Kind how, List<Change> changes, String mayLeave) {
        inFlight = List.copyOf(changes);
        kind = how;
        tolerated = mayLeave;
    }

    /// Says that it was done and acknowledged.
    void acknowledge(Promise promise) {
        for (Change change : inFlight) {
            states.computeIfAbsent(change.key, key -> new ArrayList<>(List.of(new State(null, false))))
                    .add(new State(change.digest, change.ownFile && promise == Promise.LATER));
        }
        if (promise == Promise.DURABLE) {
            for (Change change : inFlight) {
                keepNewest(Objects.requireNonNull(states.get(change.key)));
            }
            states.values().forEach(Model::passOverLost);
            later.clear();
        } else {
            later.add(inFlight);
        }
        clear();
    }

    /// Says that everything acknowledged so far is durable, files included.
    void settle() {
        states.values().forEach(Model::keepNewest);
        later.clear();
        clear();
    }

    private void clear() {
        inFlight = List.of();
        tolerated = "-";
        kind = Kind.ATOMIC;
    }

    private static void keepNewest(List<State> known) {
        known.subList(0, known.size() - 1).clear();
        known.set(0, new State(known.getFirst().digest, false));
    }

    /// When the log is durable, a state may still be lost with its file: then the one before it holds.
    private static void passOverLost(List<State> known) {
        int last = known.size() - 1;
        while (last > 0 && known.get(last).ownFile) {
            last--;
        }
        known.subList(0, last).clear();
    }

    /// What may be found after a crash now.
    Expectation expectation() {
        Map<String, Set<String>> acceptable = new HashMap<>();
        states.forEach((key, known) -> known.forEach(state -> allow(acceptable, key, state.digest)));
        Map<String, String> before = new HashMap<>();
        Map<String, String> after = new HashMap<>();
        for (Change change : inFlight) {
            if (!states.containsKey(change.key)) {
                allow(acceptable, change.key, null);
            }
            allow(acceptable, change.key, change.digest);
            if (kind == Kind.ATOMIC) {
                before.put(change.key, text(newest(change.key)));
                after.put(change.key, text(change.digest));
            }
        }
        Order order = ordered ? order() : Order.NONE;
        long hash = acceptable.hashCode() * 31L + after.hashCode() * 7L + order.hashCode() + tolerated.hashCode();
        return new Expectation(acceptable, before, after, order, tolerated, hash);
    }

    /// Without what may be lost with a file of its own, and what becomes visible piece by piece.
    private Order order() {
        List<List<Change>> all = new ArrayList<>(later);
        if (kind == Kind.ATOMIC) {
            all.add(inFlight);
        }
        Map<String, String> base = new HashMap<>();
        List<Map<String, String>> steps = new ArrayList<>();
        for (List<Change> changes : all) {
            Map<String, String> step = new HashMap<>();
            for (Change change : changes) {
                if (!mayStandAlone(change)) {
                    List<State> known = states.get(change.key);
                    base.putIfAbsent(change.key, text(known == null ? null : known.getFirst().digest));
                    step.put(change.key, text(change.digest));
                }
            }
            steps.add(step);
        }
        return new Order(base, steps);
    }

    private boolean mayStandAlone(Change change) {
        boolean piecemeal =
                kind == Kind.PIECEMEAL && inFlight.stream().anyMatch(flying -> flying.key.equals(change.key));
        return piecemeal
                || change.ownFile
                || states.getOrDefault(change.key, List.of()).stream().anyMatch(State::ownFile);
    }

    private static void allow(Map<String, Set<String>> acceptable, String key, @Nullable String digest) {
        acceptable.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(text(digest));
    }

    private static String text(@Nullable String digest) {
        return digest == null ? Expectation.ABSENT : digest;
    }
}
