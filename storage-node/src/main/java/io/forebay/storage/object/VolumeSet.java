package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.Mutation;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Tombstone;
import io.forebay.storage.volume.StorageMetric;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The volumes of a node as they are now, and which of them has an object.
///
/// Who changes an object holds its key's lock and asks for the membership under it; whoever changes the
/// membership waits afterwards until every lock was free once. Readers take no lock: `relocations` tells them
/// when a copy may have gone from where they had not looked yet to where they had.
final class VolumeSet {
    private final Object changes = new Object();
    private final AtomicLong relocations = new AtomicLong();
    private final AtomicLong strays = new AtomicLong();
    private final LongAdder spilled;
    private volatile Membership current;
    private volatile Runnable whenUnsettled = () -> {};
    private final Saver saver;

    /// @param saver keeps a membership before it is in force
    VolumeSet(Membership first, Saver saver, Metrics metrics) {
        this.current = first;
        this.saver = saver;
        this.spilled = metrics.counter(StorageMetric.SPILLED, "");
    }

    /// Brings a membership to stable storage.
    @FunctionalInterface
    interface Saver {
        void save(Membership membership);
    }

    /// What a search that may not wait found.
    sealed interface Search {
        /// The answer.
        ///
        /// @param copy null when there is no such object
        record Known(Copies.@Nullable Copy copy) implements Search {}

        /// The answer is not in memory.
        record Unknown() implements Search {
            static final Unknown INSTANCE = new Unknown();
        }
    }

    Membership current() {
        return current;
    }

    /// Every volume that serves.
    List<VolumeStore> all() {
        return current.serving();
    }

    /// Runs an action whenever objects are not where they belong any more.
    void whenUnsettled(Runnable action) {
        whenUnsettled = action;
    }

    /// Replaces the membership: first on stable storage, then for everyone. One at a time.
    Membership change(UnaryOperator<Membership> how) {
        synchronized (changes) {
            Membership next = how.apply(current);
            saver.save(next);
            current = next;
            return next;
        }
    }

    /// The valid copy of a key, or null when there is none. Waits for the disk. Throws VOLUME_FAILED when it
    /// may be on a
    /// volume out of service.
    Copies.@Nullable Copy find(byte[] key) {
        Membership set = current;
        VolumeStore only = set.onlyPlace(key);
        if (only != null) {
            ObjectRecord record = lookUp(only, key);
            if (record != null) {
                return new Copies.Copy(only, record);
            }
            if (set.absent().isEmpty()) {
                return null;
            }
        }
        Copies copies = copies(key);
        copies.requireCertain("the object");
        return copies.best();
    }

    /// As `find`, from memory alone.
    Search findNow(byte[] key) {
        Membership set = current;
        VolumeStore only = set.onlyPlace(key);
        if (only == null) {
            return findNow(set, key);
        }
        return switch (only.index().findNow(key)) {
            case Index.Lookup.Hit hit -> new Search.Known(new Copies.Copy(only, hit.record()));
            case Index.Lookup.Miss miss -> set.absent().isEmpty() ? new Search.Known(null) : Search.Unknown.INSTANCE;
            case Index.Lookup.Unknown unknown -> Search.Unknown.INSTANCE;
        };
    }

    /// As `findNow`, on every volume that serves: known when all of them answer from memory.
    private Search findNow(Membership set, byte[] key) {
        long before = relocations.get();
        Copies.Copy best = null;
        for (VolumeStore store : set.serving()) {
            switch (store.index().findNow(key)) {
                case Index.Lookup.Hit hit -> {
                    Copies.Copy copy = new Copies.Copy(store, hit.record());
                    best = best == null || copy.isNewerThan(best) ? copy : best;
                }
                case Index.Lookup.Miss miss -> {
                    // Not here.
                }
                case Index.Lookup.Unknown unknown -> {
                    return Search.Unknown.INSTANCE;
                }
            }
        }
        boolean certain =
                relocations.get() == before && (best != null || set.absent().isEmpty());
        return certain ? new Search.Known(best) : Search.Unknown.INSTANCE;
    }

    /// Throws VOLUME_FAILED while a volume serves that has failed: a write that failed with it may come back with the
    /// next start, so that nobody can say for good that there is nothing.
    void requireSound(String what) {
        for (VolumeStore store : current.serving()) {
            StoreException failure = store.failure();
            if (failure != null) {
                throw new StoreException(
                        ErrorCode.VOLUME_FAILED,
                        what + " may come back with volume " + store.volume() + ", which refuses writes: "
                                + failure.text(),
                        failure);
            }
        }
    }

    /// Everything that there is of a key.
    Copies copies(byte[] key) {
        while (true) {
            long before = relocations.get();
            Membership set = current;
            Copies copies = copies(set, key);
            if (relocations.get() == before && current == set) {
                return copies;
            }
        }
    }

    /// The newest tombstone of a key, or null.
    @Nullable
    Tombstone tombstone(byte[] key) {
        Tombstone newest = null;
        for (VolumeStore store : all()) {
            Tombstone found = store.tombstone(key);
            if (found != null && (newest == null || found.stamp().isNewerThan(newest.stamp()))) {
                newest = found;
            }
        }
        return newest;
    }

    private static Copies copies(Membership set, byte[] key) {
        List<Copies.Copy> found = new ArrayList<>(1);
        VolumeStore only = set.onlyPlace(key);
        for (VolumeStore store : only == null ? set.serving() : List.of(only)) {
            ObjectRecord record = lookUp(store, key);
            if (record != null) {
                Copies.Copy copy = new Copies.Copy(store, record);
                boolean newest = !found.isEmpty() && copy.isNewerThan(found.getFirst());
                found.add(newest ? 0 : found.size(), copy);
            }
        }
        List<Member> doubtful = set.doubtful(key);
        return new Copies(found, doubtful.isEmpty() ? doubtful : withoutNotes(set, key, doubtful));
    }

    private static @Nullable ObjectRecord lookUp(VolumeStore store, byte[] key) {
        try {
            return store.index().find(key);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.CORRUPT) {
                store.damage().reportIndex(e);
            }
            throw e;
        }
    }

    private static List<Member> withoutNotes(Membership set, byte[] key, List<Member> doubtful) {
        List<Member> left = new ArrayList<>(doubtful);
        left.removeIf(member -> {
            for (VolumeStore store : set.serving()) {
                if (VoidNotes.has(store, member.id(), key)) {
                    return true;
                }
            }
            return false;
        });
        return left;
    }

    /// The volume for a new object of that many bytes: the first in the key's order that has space for it;
    /// admits the write there. Throws NO_SPACE in the words of the first.
    VolumeStore admit(byte[] key, long bytes) {
        List<VolumeStore> ranked = current.ranked(key);
        for (VolumeStore store : ranked) {
            if (store.volume().space().tryAdmit(bytes)) {
                if (!store.equals(ranked.getFirst())) {
                    spilled.increment();
                }
                return store;
            }
        }
        throw ranked.getFirst().volume().space().refusal(bytes);
    }

    /// Called under the key's lock before a commit on a volume. Throws VOLUME_FAILED when the volume does not
    /// serve any more; remembers when the key belongs elsewhere.
    void beforeWrite(VolumeStore store, byte[] key) {
        Membership set = current;
        if (!set.serves(store)) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, "volume " + store.volume() + " went out of service during the write");
        }
        if (set.members().size() > 1 && !(set.writers() > 0 && set.home(key).equals(store))) {
            strays.incrementAndGet();
            unsettle();
        }
    }

    /// Takes away every copy but the one on a volume, which is valid, and notes there that those out of reach
    /// are void. The key's lock is held.
    void supersede(Copies copies, VolumeStore valid, byte[] key, long nowMillis, Durability durability) {
        // With less, a crash could bring an old copy back that was acknowledged as replaced.
        Durability atLeast = durability == Durability.NONE ? Durability.GROUP : durability;
        for (Copies.Copy copy : copies.found()) {
            if (!copy.store().equals(valid)) {
                relocating();
                copy.store()
                        .commit(
                                List.of(new Mutation.Remove(
                                        Family.of(key), key, copy.record().value())),
                                atLeast);
            }
        }
        for (Member member : copies.doubtful()) {
            VoidNotes.put(valid, member.id(), key, nowMillis, atLeast);
        }
    }

    /// Tells readers that a copy is about to go.
    void relocating() {
        relocations.incrementAndGet();
    }

    /// How many copies have gone so far: who made cursors on several volumes makes them again when it has
    /// changed.
    long relocations() {
        return relocations.get();
    }

    /// How many objects were written where they do not belong.
    long strays() {
        return strays.get();
    }

    /// Says that objects are not all where they belong.
    void unsettle() {
        if (current.isSettled()) {
            change(set -> new Membership(set.members(), Set.of()));
            disturbed();
        }
    }

    /// Tells whoever asked that objects may not be where they belong.
    void disturbed() {
        whenUnsettled.run();
    }
}
