package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.Stamp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Removals of different objects of one bucket that are made together, each with an outcome of its own. For
/// one use.
///
/// Only of keys that no other node has to hold as well: the locks of all are held while the disk is waited
/// for, and must not be while other nodes are. A key of others fails with STALE_MAP and is as it was.
final class JointRemoval<R> {
    private final Bucket bucket;
    private final List<Item<R>> items;
    private final List<byte[]> indexKeys;
    private final KeyChanges changes;
    private final List<@Nullable Outcome<R>> outcomes;
    private final Redundancy.@Nullable Turn[] turns;

    JointRemoval(Bucket bucket, List<Item<R>> items, List<byte[]> indexKeys, KeyChanges changes) {
        this.bucket = bucket;
        this.items = items;
        this.indexKeys = indexKeys;
        this.changes = changes;
        this.outcomes = new ArrayList<>(Collections.nCopies(items.size(), null));
        this.turns = new Redundancy.Turn[items.size()];
    }

    /// One of them.
    ///
    /// @param key of the object, without a version
    record Item<R>(ObjectKey key, KeyRemoval<R> change) {}

    /// What became of one.
    ///
    /// @param answer null when it failed
    record Outcome<R>(@Nullable R answer, @Nullable StoreException failure) {}

    /// A removal that waits for its commit.
    private record Pending<R>(int at, KeyRemoval.Prepared<R> prepared) {
        /// The volume that has all of it, or null.
        @Nullable
        VolumeStore store() {
            List<Placed> all = prepared.changes();
            VolumeStore first = all.isEmpty() ? null : all.getFirst().store();
            return all.stream().allMatch(change -> change.store().equals(first)) ? first : null;
        }

        List<Mutation> mutations() {
            return prepared.changes().stream().map(Placed::mutation).toList();
        }
    }

    static <R> List<byte[]> indexKeys(Bucket bucket, List<Item<R>> items) {
        return items.stream().map(item -> IndexKeys.of(bucket.id(), item.key)).toList();
    }

    /// Makes them; the turns of the keys are held.
    List<Outcome<R>> carryOut() {
        try {
            begin();
            try (KeyLocks.Held _ = changes.lockAll(indexKeys)) {
                commit(prepare());
            }
        } finally {
            Arrays.stream(turns).filter(turn -> turn != null).forEach(Redundancy.Turn::close);
        }
        return List.copyOf(outcomes);
    }

    private void begin() {
        for (int at = 0; at < items.size(); at++) {
            ObjectKey key = items.get(at).key;
            try {
                Redundancy.Turn turn = changes.begin(bucket, key);
                turns[at] = turn;
                if (turn.isShared()) {
                    fail(at, new StoreException(ErrorCode.STALE_MAP, key + " is not on this node alone"));
                }
            } catch (StoreException e) {
                fail(at, e);
            }
        }
    }

    private List<Pending<R>> prepare() {
        List<Pending<R>> pending = new ArrayList<>(items.size());
        for (int at = 0; at < items.size(); at++) {
            Redundancy.Turn turn = turns[at];
            if (turn == null || outcomes.get(at) != null) {
                continue;
            }
            Item<R> item = items.get(at);
            try {
                Copies copies = changes.copies(bucket, item.key, indexKeys.get(at));
                Stamp known = changes.known(copies, indexKeys.get(at));
                R answer = item.change.judge(copies, known);
                if (answer != null) {
                    outcomes.set(at, new Outcome<>(answer, null));
                } else {
                    Stamp stamp = changes.next(turn, indexKeys.get(at), known.join(item.change.floor()));
                    pending.add(new Pending<>(at, item.change.prepare(turn, copies, stamp)));
                }
            } catch (StoreException e) {
                fail(at, e);
            }
        }
        return pending;
    }

    private void commit(List<Pending<R>> all) {
        Map<VolumeStore, List<Pending<R>>> byStore = new LinkedHashMap<>();
        for (Pending<R> pending : all) {
            VolumeStore store = pending.store();
            if (store == null) {
                commitByItself(pending);
            } else {
                byStore.computeIfAbsent(store, any -> new ArrayList<>()).add(pending);
            }
        }
        byStore.forEach(this::commitTogether);
    }

    /// What is on several volumes has an order between them.
    private void commitByItself(Pending<R> pending) {
        try {
            outcomes.set(pending.at, new Outcome<>(changes.commit(bucket, pending.prepared), null));
        } catch (StoreException e) {
            fail(pending.at, e);
        }
    }

    private void commitTogether(VolumeStore store, List<Pending<R>> all) {
        List<@Nullable StoreException> failures;
        try {
            failures = store.commitTogether(all.stream().map(Pending::mutations).toList(), bucket.durability());
        } catch (StoreException e) {
            all.forEach(pending -> fail(pending.at, e));
            return;
        }
        for (int index = 0; index < all.size(); index++) {
            Pending<R> pending = all.get(index);
            StoreException failure = failures.get(index);
            if (failure != null) {
                fail(pending.at, failure);
            } else {
                changes.announcements().made(pending.prepared.told());
                outcomes.set(pending.at, new Outcome<>(pending.prepared.answer(), null));
            }
        }
    }

    private void fail(int at, StoreException failure) {
        outcomes.set(at, new Outcome<>(null, failure));
    }
}
