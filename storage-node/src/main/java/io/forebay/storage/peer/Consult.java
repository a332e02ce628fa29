package io.forebay.storage.peer;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Waiting;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Finds the newest value of a key of this node while objects are not where they belong, and brings it here
/// if need be. Safe to share between threads.
public final class Consult {
    private final Fence fence;
    private final ObjectStore store;
    private final PeerCalls calls;
    private final Survey survey;
    private final Adoption adoption;
    private final PeerConfig config;
    private final LongAdder asked;
    private final LongAdder unanswered;
    private final Map<Remembered, Long> upToDate = new ConcurrentHashMap<>();

    Consult(Fence fence, ObjectStore store, PeerCalls calls, PeerConfig config, Metrics metrics) {
        this.fence = fence;
        this.store = store;
        this.calls = calls;
        this.survey = new Survey(fence, calls);
        this.config = config;
        this.adoption = new Adoption(fence, store, calls, metrics);
        String labels = "node=\"" + fence.self() + "\"";
        this.asked = metrics.counter(PeerMetric.CONSULTS, labels + ",outcome=\"ok\"");
        this.unanswered = metrics.counter(PeerMetric.CONSULTS, labels + ",outcome=\"unanswered\"");
    }

    /// What a key's newest value is wanted for.
    public enum Purpose {
        /// It is told to a client.
        READ,
        /// A list tells of it.
        LIST,
        /// It is changed, or decides whether it may be.
        CHANGE,
        /// It is removed, whatever it is.
        REMOVE
    }

    /// Where a key's newest value is.
    public sealed interface Where {
        /// Here, or nowhere.
        ///
        /// @param since the epoch since which the key has had its holders (`Reliance`)
        record Here(long since) implements Where {}

        /// With a node that still has it.
        record There(NodeId node, Stamp stamp, long since) implements Where {}

        /// That cannot be said without waiting.
        record WouldWait() implements Where {
            static final WouldWait INSTANCE = new WouldWait();
        }
    }

    /// Of a key; or, as `ALL`, of all versions of an object.
    private record Remembered(long bucketId, String name, String version) {
        static final String ALL = "*";
    }

    /// Finds the newest value of a key of which this node is the primary under that view. Throws
    /// NODE_UNAVAILABLE when it cannot be known now, and NOT_OWNER when the key has changed its owner
    /// meanwhile.
    public Where find(View view, Bucket bucket, ObjectKey key, Purpose purpose, Waiting waiting) {
        if (view.isSettled()) {
            return new Where.Here(view.servingEpoch());
        }
        KeyHistory history = view.history(bucket, key);
        Remembered remembered = new Remembered(bucket.id(), key.name(), key.version());
        Long known = upToDate.get(remembered);
        if (history.isDecidedBy(null, fence.complete(bucket)) || (known != null && known == history.since())) {
            return new Where.Here(history.since());
        }
        if (waiting == Waiting.FORBIDDEN) {
            return isDecidedInMemory(history, bucket, key) ? new Where.Here(history.since()) : Where.WouldWait.INSTANCE;
        }
        // What this node itself has counts as an answer like any other.
        fence.awaitPrepared(view.servingEpoch());
        Answer local = Answer.of(store.holdings().find(bucket, key));
        if (local.kind() != Answer.Kind.NOTHING && history.isDecidedBy(local.stamp(), fence.complete(bucket))) {
            return new Where.Here(history.since());
        }
        Where where = settle(view, bucket, key, new Found(history, local, ask(view, key, history, local)), purpose);
        if (where instanceof Where.Here here) {
            remember(remembered, here.since());
        }
        return where;
    }

    /// Brings every version of an object here that its earlier holders have, of which this node is the primary under
    /// that view. Throws as `find` does.
    public void findVersions(View view, Bucket bucket, ObjectKey object) {
        if (view.isSettled()) {
            return;
        }
        KeyHistory history = view.history(bucket, object);
        Remembered remembered = new Remembered(bucket.id(), object.name(), Remembered.ALL);
        Long known = upToDate.get(remembered);
        if (history.isDecidedBy(null, fence.complete(bucket)) || (known != null && known == history.since())) {
            return;
        }
        fence.awaitPrepared(view.servingEpoch());
        for (ObjectKey version : versionsElsewhere(view, bucket, object, history)) {
            find(view, bucket, version, Purpose.CHANGE, Waiting.ALLOWED);
        }
        remember(remembered, history.since());
    }

    /// The versions that earlier holders tell of. Of those that are sure to have everything, one has to answer.
    private Set<ObjectKey> versionsElsewhere(View view, Bucket bucket, ObjectKey object, KeyHistory history) {
        Set<ObjectKey> versions = new LinkedHashSet<>();
        for (KeyHistory.Step step : history.earlier()) {
            List<NodeId> asked = step.nodes().stream()
                    .filter(node -> !node.equals(fence.self()) && view.state().node(node) != null)
                    .toList();
            boolean told = step.sure().isEmpty() || step.sure().contains(fence.self());
            StoreException failure = null;
            for (Outcomes.Outcome<List<Survey.Entry>> outcome :
                    Outcomes.of(asked, node -> survey.versions(node, view, bucket, object))) {
                if (outcome.failure() != null) {
                    failure = outcome.failure();
                    continue;
                }
                told |= step.sure().contains(outcome.node());
                outcome.value().stream()
                        .map(Survey.Entry::key)
                        .filter(ObjectKey::isVersion)
                        .forEach(versions::add);
            }
            if (!told) {
                unanswered.increment();
                StoreException cause = failure != null
                        ? failure
                        : new StoreException(ErrorCode.NODE_UNAVAILABLE, "its holders have left the cluster");
                throw PeerCalls.unavailable("the versions of " + object + " cannot be asked for", cause);
            }
        }
        return versions;
    }

    /// What all that were asked have said.
    record Found(KeyHistory history, Answer local, Inquiry inquiry) {}

    private boolean isDecidedInMemory(KeyHistory history, Bucket bucket, ObjectKey key) {
        return store.find(bucket, key, Waiting.FORBIDDEN) instanceof ReadOutcome.Found found
                && history.isDecidedBy(found.record().stamp(), 0);
    }

    private Inquiry ask(View view, ObjectKey key, KeyHistory history, Answer local) {
        Inquiry inquiry = new Inquiry(history, fence.self(), local);
        calls.ask(inquiry, view, key);
        return inquiry;
    }

    /// Makes what was found safe to be told or changed.
    private Where settle(View view, Bucket bucket, ObjectKey key, Found found, Purpose purpose) {
        Answer newest;
        try {
            newest = found.inquiry().newest();
            asked.increment();
        } catch (StoreException e) {
            unanswered.increment();
            throw PeerCalls.unavailable("what is known of " + key + " cannot be asked for", e);
        }
        long since = found.history().since();
        boolean remote = !found.inquiry().holder().equals(fence.self());
        if (newest.kind() == Answer.Kind.OBJECT && remote) {
            boolean large = newest.size() > config.adopt().bytes();
            boolean stays = purpose == Purpose.REMOVE || (purpose == Purpose.READ && large);
            if (stays && found.inquiry().isAgreed()) {
                return new Where.There(found.inquiry().holder(), newest.stamp(), since);
            }
        }
        adoption.adopt(view, bucket, key, found);
        return new Where.Here(since);
    }

    private void remember(Remembered key, long since) {
        if (upToDate.size() >= config.maxRemembered()) {
            upToDate.clear();
        }
        upToDate.put(key, since);
    }
}
