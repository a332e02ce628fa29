package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.volume.StorageMetric;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Opens an object store: finds out which volumes there are, opens them, and puts the parts together.
final class StoreOpening {
    private static final System.Logger LOG = System.getLogger(StoreOpening.class.getName());
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long WATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final StoreConfig config;
    private final Metrics metrics;
    private final VolumeStore.Opening opening;
    private final Function<Path, VolumeStore.Place> places;
    private final Guards guards;
    private final Surroundings around;
    private final Set<String> removed = ConcurrentHashMap.newKeySet();

    private StoreOpening(
            StoreConfig config,
            VolumeStore.Opening opening,
            Function<Path, VolumeStore.Place> places,
            Surroundings around,
            Metrics metrics) {
        this.around = around;
        this.config = config;
        this.opening = opening;
        this.places = places;
        this.metrics = metrics;
        this.guards = new Guards(
                new UploadLocks(),
                new KeyLocks(config.keyWaiters(), metrics.counter(StorageMetric.REFUSED_KEY_BUSY, "")),
                new KeyLocks(config.keyWaiters(), metrics.counter(StorageMetric.REFUSED_KEY_BUSY, "")),
                new WriteGate());
    }

    /// Who does the background work.
    enum Background {
        THREADS,
        /// The caller, step by step.
        CALLER
    }

    /// What is around a store: who works in the background, what other nodes are owed, and who is told of changes.
    record Surroundings(Background background, Redundancy redundancy, Announcer announcer) {}

    /// Where the volumes come from.
    ///
    /// @param list the file that they are kept in
    /// @param volumes how many may be opened
    /// @param places what is in a folder
    private record Source(
            @Nullable Path list,
            int volumes,
            Function<StoreOpening, Membership> members,
            Function<Path, VolumeStore.Place> places) {}

    static ObjectStore open(
            StoreConfig config,
            VolumeFolders folders,
            VolumeOwner owner,
            InstantSource clock,
            Metrics metrics,
            Surroundings around) {
        return open(config, folders, owner, clock, metrics, around, VolumeStore.Place::of);
    }

    /// As above, with the disk of each folder as the caller says.
    static ObjectStore open(
            StoreConfig config,
            VolumeFolders folders,
            VolumeOwner owner,
            InstantSource clock,
            Metrics metrics,
            Surroundings around,
            Function<Path, VolumeStore.Place> places) {
        ObjectStore.Clocks clocks = new ObjectStore.Clocks(clock, Ticker.SYSTEM);
        Source source = new Source(folders.list(), folders.count(), opening -> opening.members(folders), places);
        return open(config, owner, clocks, metrics, source, around);
    }

    /// Without a list.
    static ObjectStore open(
            StoreConfig config,
            List<? extends Supplier<VolumeStore.Place>> places,
            VolumeOwner owner,
            ObjectStore.Clocks clocks,
            Metrics metrics,
            Surroundings around) {
        Source source = new Source(null, places.size(), opening -> opening.members(places), VolumeStore.Place::of);
        return open(config, owner, clocks, metrics, source, around);
    }

    private static ObjectStore open(
            StoreConfig config,
            VolumeOwner owner,
            ObjectStore.Clocks clocks,
            Metrics metrics,
            Source source,
            Surroundings around) {
        Closing closing = new Closing();
        ObjectStore store = null;
        try {
            IndexMemory memory = closing.add(memory(config, source.volumes(), metrics));
            StoreOpening opening = new StoreOpening(
                    config,
                    new VolumeStore.Opening(config, owner, memory, clocks.ticker(), metrics),
                    source.places(),
                    around,
                    metrics);
            Membership first = source.members().apply(opening);
            boolean threads = around.background() == Background.THREADS;
            Function<VolumeRoster.Entry, VolumeStore> opener = threads ? opening::openStarted : opening::openGuarded;
            StoreParts parts = opening.parts(closing, first, source.list(), opener, clocks.clock());
            store = new ObjectStore(closing, parts, metrics);
            if (threads) {
                start(closing, parts);
            }
            return store;
        } finally {
            if (store == null) {
                closing.close();
            }
        }
    }

    private static void start(Closing closing, StoreParts parts) {
        closing.add(parts.mover()).start();
        closing.add(new Worker("forebay-volume-watch", RETRY_NANOS, () -> {
            parts.lifecycle().checkFailures();
            return WATCH_NANOS;
        }));
        parts.volumes().all().forEach(VolumeStore::start);
    }

    private static IndexMemory memory(StoreConfig config, int volumes, Metrics metrics) {
        IndexMemory memory = new IndexMemory(config.index(), Math.max(1, volumes));
        metrics.gauge(StorageMetric.INDEX_CACHE_BYTES, "", memory::cachedBytes);
        metrics.gauge(StorageMetric.INDEX_MEMORY_BYTES, "", memory::usedBytes);
        metrics.gauge(StorageMetric.INDEX_MEMORY_LIMIT_BYTES, "", memory::limitBytes);
        return memory;
    }

    /// Puts the parts together; the volumes are closed with the rest.
    private StoreParts parts(
            Closing closing,
            Membership first,
            @Nullable Path list,
            Function<VolumeRoster.Entry, VolumeStore> opener,
            InstantSource clock) {
        VolumeSet volumes = new VolumeSet(first, set -> save(list, set), metrics);
        first.serving().forEach(store -> store.compactUnder(guards));
        RecordBytes bytes = new RecordBytes();
        UploadMove uploadMove = new UploadMove(volumes, guards, bytes);
        RemovalClock removals = new RemovalClock(clock, opening.ticker());
        Redundancy redundancy = around.redundancy();
        Outbox outbox = new Outbox(volumes, guards, clock);
        Announcements announcements = new Announcements(around.announcer(), outbox);
        KeyChanges keyChanges =
                new KeyChanges(volumes, guards, clock, new KeyChanges.Seam(removals, redundancy, announcements));
        ObjectChanges changes = new ObjectChanges(volumes, keyChanges, clock, redundancy);
        Uploads uploads = new Uploads(
                volumes, uploadMove, guards, clock, new Uploads.Seam(keyChanges, redundancy), config.maxParts());
        Health health = new Health(config.maxReadErrors());
        VolumeLifecycle lifecycle = closing.add(new VolumeLifecycle(volumes, opener, guards, health, removed));
        Mover mover = new Mover(
                volumes,
                new Mover.Moves(new ObjectMove(volumes, guards, bytes), uploadMove),
                guards,
                config.moveRate().bytes(),
                opening.ticker(),
                metrics);
        for (Member member : first.members()) {
            show(member.id(), volumes, mover);
        }
        lifecycle.whenAdded(id -> show(id, volumes, mover));
        lifecycle.begin();
        Holdings holdings = new Holdings(volumes, guards, new Holdings.Seam(keyChanges, redundancy), uploads);
        return new StoreParts(volumes, lifecycle, mover, guards, changes, uploads, holdings, outbox);
    }

    private void show(String id, VolumeSet volumes, Mover mover) {
        String labels = "volume=\"" + id + "\"";
        metrics.gauge(StorageMetric.SERVING, labels, () -> {
            Member member = volumes.current().find(id);
            return member == null || member.store() == null ? 0 : 1;
        });
        metrics.gauge(
                StorageMetric.OBJECTS_LEFT,
                labels,
                () -> left(id, volumes, mover).objects());
        metrics.gauge(
                StorageMetric.BYTES_LEFT, labels, () -> left(id, volumes, mover).bytes());
    }

    private static Mover.Left left(String id, VolumeSet volumes, Mover mover) {
        Member member = volumes.current().find(id);
        VolumeStore store = member == null ? null : member.store();
        return store == null ? Mover.Left.NOTHING : mover.left(store);
    }

    private void save(@Nullable Path list, Membership set) {
        if (list == null) {
            return;
        }
        List<VolumeRoster.Entry> entries = new ArrayList<>();
        for (Member member : set.members()) {
            boolean failed = member.state() == VolumeStatus.State.FAILED;
            entries.add(new VolumeRoster.Entry(
                    member.id(),
                    member.path(),
                    failed ? VolumeStatus.State.ENABLED : member.state(),
                    member.absentSince()));
        }
        new VolumeRoster(entries, set.settled(), removed).write(list);
    }

    /// Opens a volume of the running store.
    private VolumeStore openStarted(VolumeRoster.Entry entry) {
        VolumeStore store = openGuarded(entry);
        store.start();
        return store;
    }

    private VolumeStore openGuarded(VolumeRoster.Entry entry) {
        VolumeStore store = openFolder(entry);
        store.compactUnder(guards);
        return store;
    }

    private VolumeStore openFolder(VolumeRoster.Entry entry) {
        Path folder = Path.of(entry.path());
        if (!entry.id().isEmpty() && !Files.exists(folder.resolve("volume.properties"))) {
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED,
                    "folder " + folder + " does not have volume " + entry.id() + ": is its disk mounted?");
        }
        VolumeStore store = VolumeStore.open(places.apply(folder), opening);
        if (!entry.id().isEmpty() && !store.volume().toString().equals(entry.id())) {
            String found = store.volume().toString();
            store.close();
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "folder " + folder + " has volume " + found + ", not volume " + entry.id());
        }
        return store;
    }

    private Membership members(List<? extends Supplier<VolumeStore.Place>> places) {
        List<Member> members = new ArrayList<>();
        boolean complete = false;
        try {
            for (Supplier<VolumeStore.Place> place : places) {
                VolumeStore store = VolumeStore.open(place.get(), opening);
                members.add(Member.serving(store.folder(), VolumeStatus.State.ENABLED, store));
            }
            complete = true;
            return new Membership(members, settledWhenNew(members));
        } finally {
            if (!complete) {
                close(members);
            }
        }
    }

    /// The volumes of the list, each as it can be had, then those in the folders given that the list has not.
    private Membership members(VolumeFolders folders) {
        Path list = folders.list();
        VolumeRoster roster = list == null ? null : VolumeRoster.read(list);
        List<Member> members = new ArrayList<>();
        boolean complete = false;
        try {
            if (roster != null) {
                removed.addAll(roster.removed());
                roster.volumes().forEach(entry -> members.add(listed(entry)));
            }
            int listed = members.size();
            for (Path folder : folders.given()) {
                addGiven(members, folder);
            }
            numberAbsences(members);
            requireOne(members);
            complete = true;
            Set<String> settled = listed == 0
                    ? settledWhenNew(members)
                    : members.size() == listed && roster != null ? roster.settled() : Set.of();
            return new Membership(members, settled);
        } finally {
            if (!complete) {
                close(members);
            }
        }
    }

    /// A volume of the list: open, or out of service with the reason.
    private Member listed(VolumeRoster.Entry entry) {
        Member absent = new Member(entry.id(), entry.path(), entry.state(), "", entry.absentSince(), null);
        if (entry.state() == VolumeStatus.State.DISABLED) {
            return absent.absent(VolumeStatus.State.DISABLED, "disabled by an operator", entry.absentSince());
        }
        try {
            return new Member(entry.id(), entry.path(), entry.state(), "", entry.absentSince(), openFolder(entry));
        } catch (StoreException e) {
            LOG.log(System.Logger.Level.ERROR, absent + " cannot be opened and does not serve: " + e.text(), e);
            return absent.absent(VolumeStatus.State.FAILED, e.text(), entry.absentSince());
        }
    }

    /// A folder of the command line: a new volume, or one of the list that has another path now.
    private void addGiven(List<Member> members, Path folder) {
        String path = folder.toAbsolutePath().normalize().toString();
        if (members.stream().anyMatch(member -> member.path().equals(path))) {
            return;
        }
        VolumeStore store = VolumeStore.open(places.apply(Path.of(path)), opening);
        String id = store.volume().toString();
        for (int index = 0; index < members.size(); index++) {
            Member member = members.get(index);
            if (member.id().equals(id) && member.store() == null) {
                VolumeStatus.State state =
                        member.state() == VolumeStatus.State.FAILED ? VolumeStatus.State.ENABLED : member.state();
                members.set(index, new Member(id, path, state, "", member.absentSince(), store));
                return;
            }
        }
        if (removed.contains(id)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "volume " + id + " (" + path + ") was removed from this node and is not used: to use it again,"
                            + " add it with: forebay volume add");
            store.close();
        } else {
            members.add(Member.serving(path, VolumeStatus.State.ENABLED, store));
        }
    }

    /// Volumes that went out of service since the last start went at the same time.
    private static void numberAbsences(List<Member> members) {
        long next = 1 + members.stream().mapToLong(Member::absentSince).max().orElse(0);
        members.replaceAll(member -> member.isAbsent() && member.absentSince() == 0
                ? member.absent(member.state(), member.reason(), next)
                : member);
    }

    private static void requireOne(List<Member> members) {
        if (members.stream().noneMatch(member -> member.store() != null)) {
            if (members.isEmpty()) {
                throw new StoreException(ErrorCode.VOLUME_FAILED, "the node has no volume");
            }
            Member first = members.getFirst();
            throw new StoreException(
                    ErrorCode.VOLUME_FAILED,
                    members.size() == 1
                            ? first + " is the only one and cannot be used: " + first.reason()
                            : "none of the " + members.size() + " volumes can be used; " + first + ": "
                                    + first.reason());
        }
    }

    /// A set of one is always settled; so is one that has nothing.
    private static Set<String> settledWhenNew(List<Member> members) {
        boolean empty = members.stream().allMatch(member -> {
            VolumeStore store = member.store();
            return store != null && store.objectCount() == 0;
        });
        Set<String> ids = new LinkedHashSet<>();
        if (empty || members.size() == 1) {
            members.forEach(member -> ids.add(member.id()));
        }
        return ids;
    }

    private static void close(List<Member> members) {
        for (Member member : members) {
            VolumeStore store = member.store();
            if (store != null) {
                store.close();
            }
        }
    }
}
