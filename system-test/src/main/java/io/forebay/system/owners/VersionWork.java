package io.forebay.system.owners;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.system.history.Operation.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What clients do to the versions of a few objects, and the record of what they were told: an acknowledged version is
/// there until somebody asked for its removal, and is gone when that was acknowledged. Safe to share between threads.
final class VersionWork {
    static final String BUCKET = "v";
    private static final int KEYS = 3;
    private static final byte[] NOTHING = {};

    private final OwnersCluster cluster;
    private final Consumer<String> notes;
    private final List<Log> logs = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();

    VersionWork(OwnersCluster cluster, Consumer<String> notes) {
        this.cluster = cluster;
        this.notes = notes;
        for (int number = 0; number < KEYS; number++) {
            logs.add(new Log(new ObjectKey(BucketName.of(BUCKET), "versions" + number)));
        }
    }

    /// An object and what is known of its versions.
    private static final class Log {
        private final ObjectKey key;
        private final Map<String, byte[]> written = new HashMap<>();
        private final Set<String> asked = new HashSet<>();
        private final Set<String> removed = new HashSet<>();

        Log(ObjectKey key) {
            this.key = key;
        }

        synchronized void written(String id, byte[] content) {
            written.put(id, content);
        }

        /// Chooses one that is there, and whose removal nobody has asked for; null for none.
        synchronized @Nullable String choose(Random random, boolean toRemove) {
            List<String> there = new ArrayList<>(written.keySet());
            there.removeAll(asked);
            if (there.isEmpty()) {
                return null;
            }
            String id = there.get(random.nextInt(there.size()));
            if (toRemove) {
                asked.add(id);
            }
            return id;
        }

        synchronized void removed(String id) {
            removed.add(id);
        }

        synchronized boolean isAsked(String id) {
            return asked.contains(id);
        }

        synchronized byte[] content(String id) {
            return written.getOrDefault(id, NOTHING);
        }

        synchronized Set<String> present() {
            Set<String> present = new HashSet<>(written.keySet());
            present.removeAll(asked);
            return present;
        }

        synchronized Set<String> gone() {
            return Set.copyOf(removed);
        }
    }

    List<String> faults() {
        return List.copyOf(faults);
    }

    private void fault(ObjectKey key, String text) {
        notes.accept("FAULT " + key + ": " + text);
        faults.add(key + ": " + text);
    }

    /// One client's operations of one round. For one thread.
    final class Client {
        private final Random random;
        private final OwnersClient client;

        Client(List<ClusterState> known, long seed) {
            this.random = new Random(seed);
            this.client = new OwnersClient(cluster, known, random);
        }

        void step() {
            Log log = logs.get(random.nextInt(KEYS));
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> put(log);
                case 3 -> mark(log);
                case 4, 5 -> remove(log);
                default -> {
                    String id = log.choose(random, false);
                    if (id != null) {
                        isThere(log, id);
                    }
                }
            }
        }

        private OwnersClient.Answer call(Method method, Log log, String version, byte[] body) {
            Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
            if (!version.isEmpty()) {
                headers.add(NodeHeaders.VERSION, version);
            }
            OwnersClient.Answer answer = client.call(method, log.key, "", headers, body);
            String code = answer.code().isEmpty() ? "" + answer.status() : answer.code();
            notes.accept(method + " " + log.key + " " + version + " at " + answer.node() + ": " + code + " "
                    + AttributeHeaders.readSystem(answer.headers()));
            return answer;
        }

        private void put(Log log) {
            byte[] content = new byte[random.nextInt(4) == 0 ? 40_000 : 1 + random.nextInt(2000)];
            random.nextBytes(content);
            OwnersClient.Answer answer = call(Method.PUT, log, "", content);
            if (answer.isDone()) {
                log.written(id(answer), content);
            } else if (answer.outcome() != Outcome.UNKNOWN) {
                fault(log.key, "PUT was answered " + answer.status() + " " + answer.text());
            }
        }

        private void mark(Log log) {
            OwnersClient.Answer answer = call(Method.DELETE, log, "", NOTHING);
            if (!answer.isDone() && answer.outcome() != Outcome.UNKNOWN) {
                fault(log.key, "DELETE was answered " + answer.status() + " " + answer.text());
            }
        }

        private void remove(Log log) {
            String id = log.choose(random, true);
            if (id == null) {
                return;
            }
            OwnersClient.Answer answer = call(Method.DELETE, log, id, NOTHING);
            if (answer.isDone()) {
                log.removed(id);
            } else if (answer.outcome() != Outcome.UNKNOWN) {
                fault(log.key, "DELETE of version " + id + " was answered " + answer.status() + " " + answer.text());
            }
        }

        /// Looks at a version that was acknowledged. False when nobody answers.
        private boolean isThere(Log log, String id) {
            OwnersClient.Answer answer = call(Method.GET, log, id, NOTHING);
            boolean wrong = answer.isDone()
                    ? !Arrays.equals(answer.bytes(), log.content(id))
                    : answer.outcome() != Outcome.UNKNOWN;
            if (wrong && !log.isAsked(id)) {
                fault(log.key, "version " + id + " was read as " + answer.status() + " " + answer.text());
            }
            return answer.outcome() != Outcome.UNKNOWN;
        }

        /// Whether everything is as it was acknowledged, once all is well. False when nobody answers yet.
        boolean check() {
            boolean answered = true;
            for (Log log : logs) {
                for (String id : log.present()) {
                    answered &= isThere(log, id);
                }
                for (String id : log.gone()) {
                    OwnersClient.Answer answer = call(Method.HEAD, log, id, NOTHING);
                    answered &= answer.status() != 503;
                    if (answer.isDone()) {
                        fault(log.key, "version " + id + " is back");
                    }
                }
                answered &= isNewest(log);
            }
            return answered;
        }

        /// The object is its newest version, unless that is a delete marker.
        private boolean isNewest(Log log) {
            OwnersClient.Answer newest = call(Method.HEAD, log, NodeHeaders.NEWEST, NOTHING);
            OwnersClient.Answer object = call(Method.GET, log, "", NOTHING);
            boolean marker = AttributeHeaders.readSystem(newest.headers()).containsKey(VersionId.MARKER);
            boolean present = newest.isDone() && !marker;
            boolean same = present == object.isDone() && (!present || id(newest).equals(id(object)));
            boolean answered = newest.status() != 503 && object.status() != 503;
            if (answered && !same) {
                fault(
                        log.key,
                        "its newest version is " + newest.status() + " " + id(newest) + ", and the object "
                                + object.status() + " " + id(object));
            }
            return answered;
        }

        private static String id(OwnersClient.Answer answer) {
            return AttributeHeaders.readSystem(answer.headers()).getOrDefault(VersionId.ATTRIBUTE, "");
        }
    }
}
