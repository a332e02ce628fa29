package io.forebay.storage.rebalance;

import io.forebay.cluster.placement.Holding;
import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Held;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Pace;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Survey;
import io.forebay.storage.peer.UploadPull;
import io.forebay.storage.peer.View;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/// Brings what is this node's to keep under one epoch here, and to its other holders: from every node that
/// may have it, page by page. What is there already is passed over, so that a run which was broken off
/// loses nothing.
///
/// Removes nothing. For one use.
final class Gathering {
    private final View view;
    private final Tools tools;
    private final Progress progress;
    private final Crew crew;
    private final Map<NodeId, StoreException> silent = new ConcurrentHashMap<>();
    private final AtomicReference<String> obstacle = new AtomicReference<>("");
    private volatile boolean leftSome;
    private volatile boolean ended;

    /// What it works with.
    ///
    /// @param page how many keys are looked at with one request
    record Tools(
            Fence fence,
            ObjectStore store,
            Consult consult,
            UploadPull uploads,
            Survey survey,
            Silence silence,
            Pace pace,
            int page) {}

    Gathering(View view, Tools tools, Progress progress, int parallel) {
        this.view = view;
        this.tools = tools;
        this.progress = progress;
        this.crew = new Crew(parallel, this::goesOn);
    }

    /// What became of it.
    enum Outcome {
        /// Everything is where it belongs.
        DONE,
        /// Something could not be moved, or a node could not be asked: once more, later.
        INCOMPLETE,
        /// There is a newer epoch, or this run is not wanted any more.
        ENDED
    }

    Outcome run() {
        if (!fetchAll()) {
            return goesOn() ? Outcome.INCOMPLETE : Outcome.ENDED;
        }
        progress.remainder().lookedAtAll();
        tools.fence.gathered(view.servingEpoch());
        for (Bucket bucket : buckets()) {
            if (bucket.copies() > 1) {
                share(bucket);
            }
        }
        if (!goesOn()) {
            return Outcome.ENDED;
        }
        if (leftSome) {
            return Outcome.INCOMPLETE;
        }
        tools.fence.shared(view.servingEpoch());
        return Outcome.DONE;
    }

    /// What was in the way of the first thing that was; empty when nothing was.
    String obstacle() {
        return obstacle.get();
    }

    /// Whether the epoch is the newest still, and the run is wanted.
    private boolean goesOn() {
        return !Thread.currentThread().isInterrupted() && !ended && isNewest();
    }

    private boolean isNewest() {
        Placements now = tools.fence.view().placements();
        return now.newest().number() == view.servingEpoch() && !now.areSettled();
    }

    /// Lets the run end after the objects that it is at.
    void end() {
        ended = true;
    }

    private List<Bucket> buckets() {
        return List.copyOf(view.state().buckets().values());
    }

    private List<NodeId> others() {
        List<NodeId> nodes = new ArrayList<>(view.placements().members().keySet());
        nodes.remove(tools.survey.self());
        return nodes;
    }

    /// Fetches this node's keys from all others. False when some may be missing.
    private boolean fetchAll() {
        probe();
        if (!silent.isEmpty()) {
            // What only one of the nodes that answer has comes first.
            for (Bucket bucket : buckets()) {
                fetch(bucket, key -> isEndangered(bucket, key), false);
            }
        }
        for (Bucket bucket : buckets()) {
            fetch(bucket, key -> true, true);
        }
        Set<NodeId> missing = new HashSet<>(silent.keySet());
        boolean excused = missing.isEmpty()
                || (missing.stream().allMatch(this::isGivenUp)
                        && view.placements().covers(missing));
        return excused && !leftSome && goesOn();
    }

    private boolean isGivenUp(NodeId node) {
        return tools.silence.isGivenUp(node, tools.fence.view().state().node(node));
    }

    /// Finds out which nodes do not answer.
    private void probe() {
        List<Bucket> all = buckets();
        if (all.isEmpty()) {
            return;
        }
        crew.each(
                others(),
                node -> ask(node, () -> {
                    Survey.Page first = tools.survey.keys(node, view, all.getFirst(), null, 1);
                    progress.remainder().looked(node, 0, first.held(), 0);
                }));
    }

    private boolean isEndangered(Bucket bucket, ObjectKey key) {
        Set<NodeId> holders = new HashSet<>();
        for (Holding holding : view.placements().earlier(key, bucket)) {
            holders.addAll(holding.sure());
        }
        holders.removeAll(silent.keySet());
        return holders.size() <= 1;
    }

    /// @param all whether all keys are looked at; otherwise they will be once more
    private void fetch(Bucket bucket, Predicate<ObjectKey> wanted, boolean all) {
        for (NodeId node : others()) {
            if (!silent.containsKey(node)) {
                ask(node, () -> {
                    fetchKeys(bucket, node, wanted, all);
                    fetchUploads(bucket, node);
                });
            }
        }
    }

    /// Does something that needs a node's answers, and remembers that it does not answer. A bucket that is
    /// gone needs none.
    private void ask(NodeId node, Runnable questions) {
        try {
            questions.run();
            tools.silence.heard(node);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.NO_SUCH_BUCKET) {
                return;
            }
            progress.failed();
            silent.put(node, e);
            tools.silence.missed(node);
            obstacle.compareAndSet("", "node " + node + " does not say what it has: " + e.text());
        }
    }

    private void fetchKeys(Bucket bucket, NodeId node, Predicate<ObjectKey> wanted, boolean all) {
        ObjectKey after = null;
        do {
            Survey.Page page = tools.survey.keys(node, view, bucket, after, tools.page);
            List<Survey.Entry> newer = new ArrayList<>();
            for (Survey.Entry entry : page.entries()) {
                if (wanted.test(entry.key()) && isNewer(bucket, entry)) {
                    newer.add(entry);
                }
            }
            progress.remainder().looked(node, all ? page.looked() : 0, page.held(), bytes(newer));
            crew.each(newer, entry -> fetch(bucket, entry));
            after = page.next();
        } while (after != null && goesOn());
    }

    private static long bytes(List<Survey.Entry> entries) {
        return entries.stream().mapToLong(Survey.Entry::size).sum();
    }

    private boolean isNewer(Bucket bucket, Survey.Entry entry) {
        Held here = tools.store.holdings().find(bucket, entry.key());
        return here == null ? !entry.removed() : entry.stamp().isNewerThan(here.stamp());
    }

    /// Brings the newest value of a key here, wherever it is.
    private void fetch(Bucket bucket, Survey.Entry entry) {
        moving(
                entry.key(),
                entry.size(),
                progress::brought,
                () -> tools.consult.find(view, bucket, entry.key(), Consult.Purpose.CHANGE, Waiting.ALLOWED));
    }

    private void fetchUploads(Bucket bucket, NodeId node) {
        Survey.UploadName after = new Survey.UploadName("", "");
        do {
            Survey.UploadPage page = tools.survey.uploads(node, view, bucket, after, tools.page);
            crew.each(
                    page.uploads(),
                    upload -> moving(
                            key(bucket, upload.name()),
                            0,
                            progress::brought,
                            () -> tools.uploads.require(view, bucket, key(bucket, upload.name()), upload.id())));
            after = page.next();
        } while (!after.name().isEmpty() && goesOn());
    }

    /// Gives the other holders of this node's keys what they lack.
    private void share(Bucket bucket) {
        ObjectKey last = null;
        boolean more = true;
        while (more && goesOn()) {
            Map<NodeId, List<Survey.Entry>> held = new ConcurrentHashMap<>();
            int seen = 0;
            try (HeldScan scan = tools.store.holdings().scan(bucket.id())) {
                if (last != null) {
                    scan.seekBehind(last);
                }
                more = scan.next();
                while (more && seen < tools.page) {
                    seen++;
                    last = new ObjectKey(bucket.name(), scan.name(), scan.version());
                    note(bucket, last, scan.held(), held);
                    more = scan.next();
                }
            }
            int looked = seen;
            held.forEach((node, entries) -> ask(node, () -> give(bucket, node, entries, looked)));
        }
        if (silent.keySet().stream().anyMatch(this::isOwner)) {
            // A holder that does not answer lacks what it will be found to lack.
            leftSome = true;
        }
    }

    private boolean isOwner(NodeId node) {
        return view.placements().serving().owners().contains(node);
    }

    private void note(Bucket bucket, ObjectKey key, Held held, Map<NodeId, List<Survey.Entry>> others) {
        if (!view.placements().isPrimary(tools.survey.self(), key)) {
            return;
        }
        Survey.Entry entry = Survey.Entry.of(key, held);
        view.placements().holders(key, bucket).forEach(node -> {
            if (!node.id().equals(tools.survey.self())) {
                others.computeIfAbsent(node.id(), id -> new ArrayList<>()).add(entry);
            }
        });
    }

    /// @param looked how many keys of this node were looked at for them
    private void give(Bucket bucket, NodeId node, List<Survey.Entry> entries, int looked) {
        List<Survey.Entry> lacking = tools.survey.different(node, view, bucket, entries);
        progress.remainder().looked(node, looked, tools.store.objectCount(), bytes(lacking));
        crew.each(
                lacking,
                entry -> moving(entry.key(), entry.size(), progress::given, () -> {
                    Stamp newer = tools.store.holdings().share(bucket, entry.key());
                    if (newer != null) {
                        supersede(bucket, entry.key());
                    }
                }));
    }

    /// Another holder has a change that was never acknowledged: what is here goes above it.
    private void supersede(Bucket bucket, ObjectKey key) {
        Held here = tools.store.holdings().find(bucket, key);
        if (here != null && here.record() == null) {
            tools.store.spreadRemoval(bucket, key, here.stamp());
        } else {
            tools.store.renew(bucket, key);
        }
    }

    /// Makes a move, and waits for as long as it is ahead of the pace.
    private void moving(ObjectKey key, long size, LongConsumer moved, Runnable move) {
        try {
            move.run();
            moved.accept(size);
            if (!tools.pace.spent(size)) {
                end();
            }
        } catch (StoreException e) {
            failed(key, e);
        }
    }

    private void failed(ObjectKey key, StoreException e) {
        boolean gone = e.code() == ErrorCode.NO_SUCH_BUCKET || e.code() == ErrorCode.NO_SUCH_OBJECT;
        if (gone) {
            return;
        }
        progress.failed();
        obstacle.compareAndSet("", key + ": " + e.text());
        leftSome = true;
    }

    private static ObjectKey key(Bucket bucket, String name) {
        return new ObjectKey(bucket.name(), name);
    }
}
