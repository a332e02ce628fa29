package io.forebay.storage.peer;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Service;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.Recurring;
import io.forebay.common.time.Ticker;
import io.forebay.common.time.Timers;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Which keys this node may answer for and change, as owners change: never two nodes the same key at one moment
/// (`docs/decisions/0014`). Safe to share between threads.
public final class Fence implements Service {
    /*
     * A commit is admitted under the view of the moment and counted there. To prepare an epoch, first a view is put in
     * force that admits no commit which that epoch forbids, with a count of its own; then the count of the view before
     * it is closed; then the commits in it are waited for. A commit that finds its view's count closed looks again.
     */
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /// For how long a request that was led astray waits for a newer state before it looks again.
    private static final long CHANGE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final NodeId self;
    private final Parts parts;
    private final LongAdder awaited;
    private final LongAdder refused;
    private final Recurring preparing;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition advanced = lock.newCondition();
    private volatile View view;
    private volatile long prepared;
    private volatile long gathered;
    private volatile long shared;
    private StateWatch.@Nullable Subscription subscription;

    public Fence(NodeId self, Parts parts) {
        this.self = self;
        this.parts = parts;
        String labels = "node=\"" + self + "\"";
        this.awaited = parts.metrics.counter(PeerMetric.ACTIVATIONS_AWAITED, labels);
        this.refused = parts.metrics.counter(PeerMetric.COMMITS_REFUSED, labels);
        this.view = new View(Placements.of(parts.watch.current()), new Commits(), 0);
        this.preparing = new Recurring("preparing epochs of " + self, parts.timers, RETRY_NANOS, this::prepare);
        parts.metrics.gauge(PeerMetric.PREPARED_EPOCH, labels, () -> prepared);
        parts.metrics.gauge(
                PeerMetric.COMMITS_UNDER_WAY, labels, () -> view.commits().underWay());
    }

    /// What it works with.
    ///
    /// @param patience how long a request waits for an epoch to serve, and another node for this one to
    ///     prepare one
    public record Parts(
            StateWatch watch,
            Lease lease,
            Cleaning cleaning,
            Duration patience,
            Ticker ticker,
            Timers timers,
            Metrics metrics) {}

    /// Takes away what this node is not a holder of: what it still has of a time when it was away must never
    /// be taken for a value.
    @FunctionalInterface
    public interface Cleaning {
        /// Returns when nothing is left that a view's base, if that is settled, places elsewhere.
        void require(View view);
    }

    /// Begins to prepare epochs as the state names them.
    @Override
    public void start() {
        preparing.start();
        subscription = parts.watch.subscribe(state -> preparing.wake());
    }

    @Override
    public void close() {
        StateWatch.Subscription open = subscription;
        if (open != null) {
            open.close();
        }
        preparing.close();
    }

    /// The node's own id.
    public NodeId self() {
        return self;
    }

    /// The newest state as this node acts on it.
    @SuppressWarnings("ReferenceEquality") // One read, and a corrected state has the same version.
    public View view() {
        View now = view;
        return now.state() == parts.watch.current() ? now : renewed();
    }

    /// The newest epoch that this node has prepared.
    public long preparedEpoch() {
        return prepared;
    }

    /// Runs an action whenever this node has prepared a further epoch.
    public void whenPrepared(Runnable action) {
        listeners.add(action);
    }

    /// Remembers that everything of this node's keys under an epoch has been fetched from those who had it
    /// before.
    public void gathered(long epoch) {
        gathered = epoch;
    }

    /// Remembers that their other holders have it too.
    public void shared(long epoch) {
        shared = epoch;
    }

    long gathered() {
        return gathered;
    }

    /// The newest epoch under which what this node has of its keys is the newest there is, and safe to be told: what
    /// it alone has, of a change that failed, would be lost with it where others are to have it.
    long complete(Bucket bucket) {
        return bucket.copies() == 1 ? gathered : shared;
    }

    /// How this node stands to a key now.
    public View.Standing standing(View now, Bucket bucket, ObjectKey key) {
        return now.standing(self, bucket, key);
    }

    /// Whether the lease lives. One that does not makes this node wait where it may (`Lease.admits`).
    public Lease lease() {
        return parts.lease;
    }

    /// Whether what was looked up under a view is still this node's to tell.
    public boolean stillServes(View then, Bucket bucket, ObjectKey key) {
        if (!parts.lease.isLive()) {
            return false;
        }
        View now = view();
        if (now == then) {
            return true;
        }
        return now.standing(self, bucket, key) == View.Standing.PRIMARY
                && (now.isSettled()
                        || then.history(bucket, key).since()
                                == now.history(bucket, key).since());
    }

    /// Waits until the key's owner is certain again and returns the view of then. Throws NODE_UNAVAILABLE
    /// when that takes too long.
    public View awaitActivation(Bucket bucket, ObjectKey key) {
        View now = view();
        if (now.standing(self, bucket, key) != View.Standing.AWAITED) {
            return now;
        }
        awaited.increment();
        long deadline = parts.ticker.nanos() + parts.patience.toNanos();
        while (now.standing(self, bucket, key) == View.Standing.AWAITED) {
            long left = deadline - parts.ticker.nanos();
            if (left <= 0 || !awaitNewer(now.state(), left)) {
                throw new StoreException(
                        ErrorCode.NODE_UNAVAILABLE,
                        "the owner of " + key + " changes: epoch " + now.newestEpoch() + " does not serve yet");
            }
            now = view();
        }
        return now;
    }

    /// The view of a state at least as new as the one that a request between nodes belongs to. Throws
    /// STALE_MAP when it does not arrive in time.
    View awaitState(Exchange exchange) {
        String text = exchange.request().headers().find(NodeHeaders.STATE_VERSION, "0");
        try {
            parts.watch.await(Long.parseLong(text), parts.patience);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cluster state version \"" + text + "\" is not a number", e);
        }
        return view();
    }

    /// Waits until this node has prepared that epoch. Throws STALE_MAP when that takes too long.
    void awaitPrepared(long epoch) {
        if (prepared >= epoch) {
            return;
        }
        long nanos = parts.patience.toNanos();
        lock.lock();
        try {
            while (prepared < epoch) {
                if (nanos <= 0) {
                    throw new StoreException(
                            ErrorCode.STALE_MAP, self + " has prepared epoch " + prepared + " and not yet " + epoch);
                }
                nanos = advanced.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while an epoch is prepared", e);
        } finally {
            lock.unlock();
        }
    }

    /// A commit that was admitted; closing it says that it has ended.
    public record Admitted(View view, @Nullable KeyHistory placed) implements AutoCloseable {
        /// Where the key belongs, of a commit of this node as its primary.
        public KeyHistory history() {
            return Objects.requireNonNull(placed, "a copy's commit has no history");
        }

        @Override
        public void close() {
            view.commits().leave();
        }
    }

    /// Admits a commit of this node as the key's primary. Never waits. Throws NOT_OWNER when another node is,
    /// or nobody for the moment, and NODE_UNAVAILABLE without a lease.
    public Admitted enter(Bucket bucket, ObjectKey key) {
        View now = counted();
        boolean admitted = false;
        try {
            if (!parts.lease.isLive()) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, self + " lost its lease before a commit");
            }
            if (now.standing(self, bucket, key) != View.Standing.PRIMARY) {
                throw notOwner(now, key);
            }
            admitted = true;
            return new Admitted(now, now.history(bucket, key));
        } finally {
            if (!admitted) {
                refused.increment();
                now.commits().leave();
            }
        }
    }

    /// As above, of a commit that relies on the key having had its holders since that epoch.
    Admitted enter(Bucket bucket, ObjectKey key, long since) {
        Admitted admitted = enter(bucket, key);
        if (admitted.history().since() != since) {
            admitted.close();
            throw notOwner(admitted.view(), key);
        }
        return admitted;
    }

    /// Admits a commit that a primary sent to this node as one of the key's holders. Never waits. Throws
    /// NOT_OWNER when the sender is not the primary any more.
    ///
    /// @param epoch under which the sender commits
    Admitted enterCopy(Bucket bucket, ObjectKey key, long epoch, NodeId sender) {
        View now = counted();
        if (!now.allows(epoch, sender, bucket, key)) {
            refused.increment();
            now.commits().leave();
            throw new StoreException(
                    ErrorCode.NOT_OWNER,
                    self + " takes no change of " + key + " from " + sender + " under epoch " + epoch);
        }
        return new Admitted(now, null);
    }

    /// Waits a moment for a newer state than the one of now.
    public void awaitChange() {
        awaitNewer(view().state(), CHANGE_NANOS);
    }

    /// That a key is not this node's any more, or not for certain.
    public StoreException movedAway(ObjectKey key) {
        return notOwner(view(), key);
    }

    StoreException notOwner(View now, ObjectKey key) {
        return new StoreException(
                ErrorCode.NOT_OWNER,
                self + " does not own " + key + " under cluster state version "
                        + now.state().version());
    }

    private View counted() {
        View now = view();
        while (!now.commits().enter()) {
            now = view();
        }
        return now;
    }

    private boolean awaitNewer(ClusterState state, long nanos) {
        try {
            parts.watch.await(state.version() + 1, Duration.ofNanos(nanos));
            return true;
        } catch (StoreException e) {
            if (e.code() != ErrorCode.STALE_MAP) {
                throw e;
            }
            return false;
        }
    }

    @SuppressWarnings("ReferenceEquality") // One read, and a corrected state has the same version.
    private View renewed() {
        lock.lock();
        try {
            ClusterState state = parts.watch.current();
            if (view.state() != state) {
                view = new View(Placements.of(state), view.commits(), view.fenced());
            }
            return view;
        } finally {
            lock.unlock();
        }
    }

    /// Prepares the newest epoch if that has not been done.
    private long prepare() {
        View now = view();
        if (now.newestEpoch() <= prepared) {
            return Recurring.NEVER;
        }
        parts.cleaning.require(now);
        Commits before;
        View next;
        lock.lock();
        try {
            before = view.commits();
            Placements placements = Placements.of(parts.watch.current());
            next = new View(placements, new Commits(), placements.newest().number());
            view = next;
        } finally {
            lock.unlock();
        }
        before.close();
        before.awaitEnd();
        lock.lock();
        try {
            prepared = next.newestEpoch();
            advanced.signalAll();
        } finally {
            lock.unlock();
        }
        listeners.forEach(Runnable::run);
        // Another one may have come while this one was prepared.
        return view().newestEpoch() > prepared ? 0 : Recurring.NEVER;
    }
}
