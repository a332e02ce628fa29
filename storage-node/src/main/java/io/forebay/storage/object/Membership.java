package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.IndexKeys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The volumes of a node at a moment, and what follows from them for one key: where it goes, where it may be.
///
/// Placement is rendezvous hashing over the volumes that take writes, so that a volume that comes or goes moves only
/// its own share. While the set is *settled*, every object is where placement over the settled volumes says: on the
/// first of them in the key's order that serves. While it is not, an object may be on any volume. Immutable.
final class Membership {
    private final List<Member> members;
    private final Set<String> settled;
    private final List<Member> writers;
    private final List<VolumeStore> serving;
    private final List<Member> absent;
    private final List<Member> places;

    /// @param settled the ids of the volumes over which everything is placed; empty when that is not so
    Membership(List<Member> members, Set<String> settled) {
        this.members = List.copyOf(members);
        this.settled = Set.copyOf(settled);
        this.writers = this.members.stream().filter(Member::takesWrites).toList();
        this.absent = this.members.stream().filter(Member::isAbsent).toList();
        this.places = this.members.stream()
                .filter(member -> settled.contains(member.id()))
                .toList();
        List<VolumeStore> open = new ArrayList<>();
        for (Member member : this.members) {
            VolumeStore store = member.store();
            if (store != null) {
                open.add(store);
            }
        }
        this.serving = List.copyOf(open);
    }

    List<Member> members() {
        return members;
    }

    Set<String> settled() {
        return settled;
    }

    boolean isSettled() {
        return !places.isEmpty();
    }

    /// Every volume that serves.
    List<VolumeStore> serving() {
        return serving;
    }

    /// The volumes that are out of service.
    List<Member> absent() {
        return absent;
    }

    /// How many volumes take writes.
    int writers() {
        return writers.size();
    }

    boolean takesWrites(VolumeStore store) {
        return writers.stream().anyMatch(member -> store.equals(member.store()));
    }

    boolean serves(VolumeStore store) {
        return serving.contains(store);
    }

    @Nullable
    Member find(String idOrPath) {
        for (Member member : members) {
            if (member.id().equals(idOrPath) || member.path().equals(idOrPath)) {
                return member;
            }
        }
        return null;
    }

    /// The volume that a key belongs to. Throws VOLUME_FAILED when none takes writes.
    VolumeStore home(byte[] key) {
        if (writers.isEmpty()) {
            throw noWriter();
        }
        return open(first(writers, hash(key)));
    }

    /// The volumes that take writes, in the order in which they are to take the key: the first that has space does.
    List<VolumeStore> ranked(byte[] key) {
        if (writers.isEmpty()) {
            throw noWriter();
        }
        List<VolumeStore> stores = new ArrayList<>(writers.size());
        for (Member member : order(writers, hash(key))) {
            stores.add(open(member));
        }
        return stores;
    }

    /// The only volume that may have the key and serves; null when several may.
    @Nullable
    VolumeStore onlyPlace(byte[] key) {
        if (serving.size() == 1) {
            return serving.getFirst();
        }
        if (places.isEmpty()) {
            return null;
        }
        long hash = hash(key);
        Member first = first(places, hash);
        VolumeStore store = first.store();
        if (store != null || absent.isEmpty()) {
            return store;
        }
        for (Member member : order(places, hash)) {
            if (member.store() != null) {
                return member.store();
            }
        }
        return null;
    }

    /// The volumes out of service that may have the key.
    List<Member> doubtful(byte[] key) {
        if (absent.isEmpty() || places.isEmpty()) {
            return absent;
        }
        List<Member> doubtful = new ArrayList<>();
        for (Member member : order(places, hash(key))) {
            if (!member.isAbsent()) {
                break;
            }
            doubtful.add(member);
        }
        return doubtful;
    }

    /// Throws VOLUME_FAILED while a volume is out of service: what asks for all objects cannot be answered in full.
    void requireComplete() {
        if (!absent.isEmpty()) {
            throw unknown("objects", absent);
        }
    }

    /// What is answered for something that nobody can say whether it is there.
    static StoreException unknown(String what, List<Member> where) {
        Member first = where.getFirst();
        return new StoreException(
                ErrorCode.VOLUME_FAILED,
                what + " may be on " + first + ", which is out of service"
                        + (first.reason().isEmpty() ? "" : ": " + first.reason()));
    }

    private StoreException noWriter() {
        for (Member member : members) {
            VolumeStore store = member.store();
            StoreException failure = store == null ? null : store.failure();
            if (failure != null) {
                return new StoreException(
                        ErrorCode.VOLUME_FAILED, member + " refuses writes: " + failure.text(), failure);
            }
        }
        return new StoreException(ErrorCode.VOLUME_FAILED, "no volume of this node takes writes");
    }

    private static VolumeStore open(Member member) {
        VolumeStore store = member.store();
        if (store == null) {
            throw new IllegalStateException(member + " is not open");
        }
        return store;
    }

    private static Member first(List<Member> among, long hash) {
        Member best = among.getFirst();
        long bestScore = Long.MIN_VALUE;
        if (among.size() > 1) {
            for (Member member : among) {
                long score = score(hash, member.hash());
                if (score > bestScore) {
                    best = member;
                    bestScore = score;
                }
            }
        }
        return best;
    }

    private static List<Member> order(List<Member> among, long hash) {
        List<Member> ordered = new ArrayList<>(among);
        ordered.sort(Comparator.comparingLong((Member member) -> score(hash, member.hash()))
                .reversed());
        return ordered;
    }

    private static long hash(byte[] key) {
        return IndexKeys.hash(key) * 0x9E3779B97F4A7C15L;
    }

    private static long score(long hash, long volume) {
        long mixed = (hash ^ volume) * 0xFF51AFD7ED558CCDL;
        mixed ^= mixed >>> 32;
        mixed *= 0xC4CEB9FE1A85EC53L;
        return mixed ^ mixed >>> 29;
    }
}
