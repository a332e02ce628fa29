package io.forebay.storage.object;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Takes volumes into and out of service while the node runs: one change at a time.
///
/// Going out: the membership says so first, then every lock was free once, then the volume is closed.
/// Coming back: what other volumes noted is void is removed first, and the membership says so last.
final class VolumeLifecycle implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(VolumeLifecycle.class.getName());

    private final VolumeSet volumes;
    private final Function<VolumeRoster.Entry, VolumeStore> opener;
    private final Guards guards;
    private final NoteBook notes;
    private final Health health;
    private final Set<String> removed;
    private final List<Runnable> whenReturned = new CopyOnWriteArrayList<>();
    private volatile Consumer<String> whenAdded = id -> {};

    /// @param opener opens a volume; an entry without an id may be a new one
    /// @param removed the ids of volumes taken away for good; added to
    VolumeLifecycle(
            VolumeSet volumes,
            Function<VolumeRoster.Entry, VolumeStore> opener,
            Guards guards,
            Health health,
            Set<String> removed) {
        this.volumes = volumes;
        this.opener = opener;
        this.guards = guards;
        this.notes = new NoteBook(volumes, opener, guards);
        this.health = health;
        this.removed = removed;
    }

    /// Runs an action whenever a volume has come back with what it had.
    void whenReturned(Runnable action) {
        whenReturned.add(action);
    }

    /// Runs an action with the id of every volume that is added.
    void whenAdded(Consumer<String> action) {
        whenAdded = action;
    }

    /// What the start of a store ends with: volumes that were out of service before come back when nothing
    /// stands in the way, notes that nobody needs any more are dropped, and the membership is kept.
    synchronized void begin() {
        for (Member member : volumes.current().members()) {
            VolumeStore store = member.store();
            if (store == null || member.absentSince() == 0) {
                continue;
            }
            Member obstacle = obstacle(volumes.current(), member);
            if (obstacle == null) {
                notes.apply(store);
                volumes.change(
                        set -> with(set, member, Member.serving(member.path(), member.state(), store), Set.of()));
            } else {
                Member absent = member.absent(
                        VolumeStatus.State.FAILED,
                        "it waits for " + obstacle + ", which may know of changes to its objects",
                        member.absentSince());
                volumes.change(set -> with(set, member, absent, set.settled()));
                closeQuietly(member, store);
            }
        }
        notes.prune();
        volumes.change(set -> set);
    }

    /// Takes a folder into service as a new volume, or one that was known and emptied. Throws ALREADY_EXISTS,
    /// INVALID_ARGUMENT, IN_USE, VOLUME_FAILED or CORRUPT.
    synchronized String add(String path) {
        Member known = volumes.current().find(path);
        if (known != null) {
            throw new StoreException(ErrorCode.ALREADY_EXISTS, known + " is there already, " + stateOf(known));
        }
        VolumeStore store = opener.apply(new VolumeRoster.Entry("", path, VolumeStatus.State.ENABLED, 0));
        boolean taken = false;
        try {
            String id = store.volume().toString();
            Member same = volumes.current().find(id);
            if (same != null) {
                throw new StoreException(
                        ErrorCode.ALREADY_EXISTS, same + " is there already, " + stateOf(same) + ": enable it");
            }
            if (removed.contains(id) && !isEmpty(store)) {
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "volume " + id + " (" + path + ") was removed from this node and still holds "
                                + store.objectCount() + " objects, which may have been changed since: empty its folder"
                                + " first");
            }
            removed.remove(id);
            Member member = Member.serving(path, VolumeStatus.State.ENABLED, store);
            changed(members -> {
                List<Member> more = new ArrayList<>(members);
                more.add(member);
                return more;
            });
            taken = true;
            whenAdded.accept(id);
            return id;
        } finally {
            if (!taken) {
                store.close();
            }
        }
    }

    /// Lets a volume take writes again, or come back. Throws IN_USE when another one must come back first,
    /// and what opening it throws.
    synchronized void enable(String idOrPath) {
        Member member = require(idOrPath);
        if (member.state() == VolumeStatus.State.ENABLED) {
            return;
        }
        VolumeStore open = member.store();
        if (open != null && open.failure() == null) {
            replace(member, Member.serving(member.path(), VolumeStatus.State.ENABLED, open));
            return;
        }
        if (open != null) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED, member + " is the only one that serves and has failed: restart the node");
        }
        bringBack(member, VolumeStatus.State.ENABLED);
    }

    /// Lets a volume be read only, for the mover to empty it. Throws IN_USE when no other one takes writes.
    synchronized void drain(String idOrPath) {
        Member member = require(idOrPath);
        if (member.state() == VolumeStatus.State.DRAINING) {
            return;
        }
        VolumeStore store = member.store();
        if (store == null) {
            bringBack(member, VolumeStatus.State.DRAINING);
            return;
        }
        requireOtherWriter(member);
        replace(member, Member.serving(member.path(), VolumeStatus.State.DRAINING, store));
    }

    /// Takes a volume out of service and closes it; its objects stay on it. Throws IN_USE for the only one
    /// that serves or takes writes.
    synchronized void disable(String idOrPath) {
        Member member = require(idOrPath);
        if (member.takesWrites()) {
            requireOtherWriter(member);
        }
        takeOut(member, VolumeStatus.State.DISABLED, "disabled by an operator");
    }

    /// Takes a volume away for good: one that is empty, or any whose objects may be lost. Throws IN_USE.
    synchronized void remove(String idOrPath, Removal how) {
        Member member = require(idOrPath);
        VolumeStore store = member.store();
        if (how == Removal.EMPTY) {
            requireEmpty(member, store);
        }
        if (store != null) {
            requireOtherWriter(member);
            removeServing(member, store, how);
        } else {
            notes.keepOfAbsent(member, how);
        }
        removed.add(member.id());
        volumes.change(set -> {
            Set<String> settled = new LinkedHashSet<>(set.settled());
            settled.remove(member.id());
            List<Member> left = new ArrayList<>(set.members());
            left.removeIf(other -> other.id().equals(member.id()));
            return new Membership(left, settled);
        });
        notes.prune();
        volumes.disturbed();
    }

    /// Takes a volume out of service that is to be removed, once nothing is left on it that must not be lost.
    private void removeServing(Member member, VolumeStore store, Removal how) {
        leave(member, VolumeStatus.State.DISABLED, "being removed");
        // A write that was under way may have ended on it since it was found empty.
        if (how == Removal.EMPTY && !isEmpty(store)) {
            replace(member, member);
            throw notEmpty(member, store);
        }
        try {
            notes.keep(member, store, how);
        } finally {
            closeQuietly(member, store);
        }
    }

    private static void requireEmpty(Member member, @Nullable VolumeStore store) {
        if (store == null) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    member + " is " + stateOf(member) + ", and may hold objects that would be lost: enable and drain"
                            + " it, or remove it with --force");
        }
        if (member.state() != VolumeStatus.State.DRAINING || !isEmpty(store)) {
            throw notEmpty(member, store);
        }
    }

    private static StoreException notEmpty(Member member, VolumeStore store) {
        return new StoreException(
                ErrorCode.IN_USE,
                member + " is " + stateOf(member) + " and holds " + store.objectCount()
                        + " objects and perhaps uploads: drain it and wait, or lose them with --force");
    }

    /// What may become of what a volume has when it is removed.
    enum Removal {
        /// Nothing may be lost.
        EMPTY,
        /// Its objects may be lost.
        FORCE,
        /// Its objects may be lost, and what it knows of volumes out of service.
        FORCE_WITH_NOTES
    }

    /// Takes every volume out of service whose disk has failed. The last one that serves goes on to be read.
    synchronized void checkFailures() {
        for (Member member : volumes.current().members()) {
            VolumeStore store = member.store();
            String verdict = store == null ? null : health.verdict(store);
            if (verdict != null && member.state() != VolumeStatus.State.FAILED) {
                fail(member, verdict);
            }
        }
    }

    /// Takes a volume out of service because its disk fails. The last one that serves goes on to be read.
    synchronized void fail(Member member, String reason) {
        Member now = volumes.current().find(member.id());
        if (now == null || now.store() == null || now.state() == VolumeStatus.State.FAILED) {
            return;
        }
        LOG.log(System.Logger.Level.ERROR, now + " has failed and goes out of service: " + reason);
        if (volumes.all().size() == 1) {
            volumes.change(set -> with(set, now, now.failing(reason), set.settled()));
        } else {
            takeOut(now, VolumeStatus.State.FAILED, reason);
        }
    }

    /// Asks a volume's disk whether it works, and takes the volume out of service when not. Throws
    /// VOLUME_FAILED when it does not.
    synchronized void check(String idOrPath) {
        Member member = requireServing(idOrPath);
        VolumeStore store = member.store();
        if (store == null) {
            return;
        }
        try {
            store.disk().probe();
        } catch (IOException e) {
            fail(member, "its disk failed a check: " + e.getMessage());
            throw new StoreException(ErrorCode.VOLUME_FAILED, member + " failed its check: " + e.getMessage(), e);
        }
        checkFailures();
    }

    /// The volume of that id or folder. Throws INVALID_ARGUMENT when there is none, VOLUME_FAILED when it
    /// is out of service.
    Member requireServing(String idOrPath) {
        Member member = require(idOrPath);
        if (member.store() == null) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, member + " is " + stateOf(member));
        }
        return member;
    }

    /// Closes every volume that is open.
    @Override
    public synchronized void close() {
        RuntimeException first = null;
        for (VolumeStore store : volumes.all().reversed()) {
            try {
                store.close();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// Whether a volume may come back: none that went later, and may have notes about it, is still out of
    /// service.
    static @Nullable Member obstacle(Membership set, Member member) {
        for (Member other : set.absent()) {
            if (other.absentSince() > member.absentSince() && !other.id().equals(member.id())) {
                return other;
            }
        }
        return null;
    }

    private void bringBack(Member member, VolumeStatus.State state) {
        Member obstacle = obstacle(volumes.current(), member);
        if (obstacle != null) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    member + " cannot come back before " + obstacle + ", which may know of changes to its objects:"
                            + " enable or remove that one first");
        }
        VolumeStore store = opener.apply(new VolumeRoster.Entry(member.id(), member.path(), state, 0));
        boolean back = false;
        try {
            notes.apply(store);
            notes.applyLast(store, () -> replace(member, Member.serving(member.path(), state, store)));
            back = true;
        } finally {
            if (!back) {
                store.close();
            }
        }
        whenReturned.forEach(Runnable::run);
    }

    private void takeOut(Member member, VolumeStatus.State state, String reason) {
        leave(member, state, reason);
        VolumeStore store = member.store();
        if (store != null) {
            closeQuietly(member, store);
        }
    }

    /// Takes a volume out of service; nobody works on it any more when this returns.
    private void leave(Member member, VolumeStatus.State state, String reason) {
        Membership set = volumes.current();
        VolumeStore store = member.store();
        if (store != null && set.serving().size() == 1) {
            throw new StoreException(ErrorCode.IN_USE, member + " is the only volume of this node that serves");
        }
        long since =
                1 + set.members().stream().mapToLong(Member::absentSince).max().orElse(0);
        Member absent = member.absent(state, reason, store == null ? member.absentSince() : since);
        volumes.change(now -> with(now, member, absent, now.settled()));
        if (store != null) {
            guards.uploads().awaitHolders();
            guards.keys().awaitHolders();
        }
    }

    /// A volume that has failed may fail to close as well; what it had is replayed when it is opened again.
    static void closeQuietly(Member member, VolumeStore store) {
        try {
            store.close();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "closing " + member + " failed", e);
        }
    }

    private void replace(Member old, Member next) {
        volumes.change(set -> with(set, old, next, Set.of()));
        volumes.disturbed();
    }

    private void changed(UnaryOperator<List<Member>> how) {
        volumes.change(set -> new Membership(how.apply(set.members()), Set.of()));
        volumes.disturbed();
    }

    private static Membership with(Membership set, Member old, Member next, Set<String> settled) {
        List<Member> members = new ArrayList<>();
        for (Member member : set.members()) {
            members.add(member.id().equals(old.id()) ? next : member);
        }
        return new Membership(members, new HashSet<>(settled));
    }

    private void requireOtherWriter(Member member) {
        boolean other = volumes.current().members().stream()
                .anyMatch(
                        candidate -> candidate.takesWrites() && !candidate.id().equals(member.id()));
        if (!other) {
            throw new StoreException(ErrorCode.IN_USE, member + " is the only volume of this node that takes writes");
        }
    }

    private Member require(String idOrPath) {
        Check.argument(!idOrPath.isEmpty(), "the volume is not named");
        Member member = volumes.current().find(idOrPath);
        if (member == null) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "this node has no volume " + idOrPath);
        }
        return member;
    }

    private static String stateOf(Member member) {
        return member.state().name().toLowerCase(Locale.ROOT);
    }

    private static boolean isEmpty(VolumeStore store) {
        return store.objectCount() == 0 && !BucketRemoval.hasEntries(store);
    }
}
