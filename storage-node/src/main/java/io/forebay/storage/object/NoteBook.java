package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The void notes of all volumes of a node: applied to a volume that comes back, kept when the one that has
/// them goes for good, and dropped when nobody needs them any more. For one caller at a time, which also is
/// the only one to change which volumes serve.
final class NoteBook {
    private static final System.Logger LOG = System.getLogger(NoteBook.class.getName());

    private final VolumeSet volumes;
    private final Function<VolumeRoster.Entry, VolumeStore> opener;
    private final Guards guards;

    /// @param opener opens a volume
    NoteBook(VolumeSet volumes, Function<VolumeRoster.Entry, VolumeStore> opener, Guards guards) {
        this.volumes = volumes;
        this.opener = opener;
        this.guards = guards;
    }

    /// Removes from a volume that comes back what is void on it, and from its notes those about volumes that
    /// have come back or gone for good without it.
    void apply(VolumeStore returning) {
        alone(() -> {
            VoidNotes.keepOnly(returning, away());
            applyAll(returning);
        });
    }

    /// As `apply`, for what was noted since, and lets it into service before there can be further notes about
    /// it.
    void applyLast(VolumeStore returning, Runnable intoService) {
        // Whoever makes a note holds a key's lock: with all locks held, the few notes since then are the last.
        alone(() -> guards.keys().runAlone(() -> {
            applyAll(returning);
            intoService.run();
        }));
    }

    /// Drops the notes about volumes that serve or are gone for good.
    void prune() {
        alone(() -> volumes.all().forEach(store -> VoidNotes.keepOnly(store, away())));
    }

    /// Copies the notes of a volume that goes for good, and out of whose reach everybody is, to volumes that
    /// take writes. Durable when this returns. Throws IN_USE when that cannot be and matters.
    void keep(Member leaving, VolumeStore store, VolumeLifecycle.Removal how) {
        List<Member> subjects = subjects(leaving);
        try {
            alone(() -> subjects.forEach(
                    subject -> VoidNotes.copy(store, volumes.current()::home, subject.id(), guards.keys())));
        } catch (StoreException e) {
            lost(leaving, subjects, how, e);
        }
    }

    /// As `keep`, for a volume out of service.
    void keepOfAbsent(Member leaving, VolumeLifecycle.Removal how) {
        List<Member> subjects = subjects(leaving);
        if (subjects.isEmpty()) {
            return;
        }
        VolumeStore store;
        try {
            store = opener.apply(new VolumeRoster.Entry(leaving.id(), leaving.path(), leaving.state(), 0));
        } catch (StoreException e) {
            lost(leaving, subjects, how, e);
            return;
        }
        try {
            keep(leaving, store, how);
        } finally {
            VolumeLifecycle.closeQuietly(leaving, store);
        }
    }

    /// The volumes out of service about which this one may have notes that count: those that went before it.
    private List<Member> subjects(Member leaving) {
        Member now = volumes.current().find(leaving.id());
        long since = now == null ? Long.MAX_VALUE : now.absentSince();
        return volumes.current().absent().stream()
                .filter(other -> other.absentSince() < since)
                .toList();
    }

    private static void lost(Member leaving, List<Member> subjects, VolumeLifecycle.Removal how, StoreException cause) {
        String what = leaving + " alone may know which objects were overwritten or removed while " + subjects
                + " were out of service, and does not tell: " + cause.text();
        if (how != VolumeLifecycle.Removal.FORCE_WITH_NOTES) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    what + ". Mend it, or remove those first; with --forget-changes, such objects come back as they"
                            + " were",
                    cause);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                what + ". It is removed nevertheless: such objects come back as they were");
    }

    /// The volumes about which notes count: those out of service, and those that are open but not back yet.
    private Set<String> away() {
        return volumes.current().members().stream()
                .filter(member -> member.isAbsent() || member.absentSince() > 0)
                .map(Member::id)
                .collect(Collectors.toSet());
    }

    private void applyAll(VolumeStore returning) {
        volumes.all().forEach(other -> VoidNotes.apply(returning, other, guards.keys()));
    }

    /// Does something with notes while compaction and the mover move none of them.
    private void alone(Runnable action) {
        StampedLock lock = guards.uploads().of(VoidNotes.ID);
        long stamp = lock.writeLock();
        try {
            action.run();
        } finally {
            lock.unlockWrite(stamp);
        }
    }
}
