package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.DamageTable;
import io.forebay.storage.metadata.Extents;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.Location;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.LogSurvey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Sees to it that an index made anew knows what is damaged: what the log showed while it was read, and what the old
/// index knew. Where that cannot be read, the next start begins a scrub, which finds it again.
///
/// For one thread.
final class KeptDamage {
    /*
     * Where the newest record of a key is damaged, the new index has what was there before, or nothing. The former is
     * refused as if its own bytes were damaged, so that nobody takes it for the newest; of the latter one can only
     * tell. What the log says beyond the old index on disk (the tail) is sound and decides alone.
     */
    private static final List<Family> FAMILIES = List.of(Family.CURRENT, Family.VERSIONS, Family.PARTS);
    private static final String WRITE_AGAIN = "write the object again or remove it";

    private final OldIndex old;
    private final int limit;
    private final Consumer<VolumeFinding> findings;
    private final LogTail tail = new LogTail();
    private final List<LogSurvey.Stretch> damaged = new ArrayList<>();
    private final Map<Family, NavigableMap<byte[], DamageTable.Entry>> entries = new EnumMap<>(Family.class);
    private final Map<Family, NavigableSet<byte[]>> lost = new EnumMap<>(Family.class);
    private int count;
    private long nowMillis;
    private @Nullable String unknown;

    /// @param limit how many damaged objects are remembered
    KeptDamage(OldIndex old, int limit, Consumer<VolumeFinding> findings) {
        this.old = old;
        this.limit = limit;
        this.findings = findings;
        this.unknown = old.failure();
        for (Family family : FAMILIES) {
            entries.put(family, new TreeMap<>(Arrays::compareUnsigned));
            lost.put(family, new TreeSet<>(Arrays::compareUnsigned));
        }
    }

    /// Sees a whole record of the log.
    void record(LogRecord record) {
        if (old.flushed() != null && record.end().compareTo(old.flushed()) > 0) {
            tail.add(record);
        }
    }

    /// Sees a damaged stretch of the log.
    void damaged(LogSurvey.Stretch stretch) {
        damaged.add(stretch);
    }

    /// Writes into the new index, which has the whole log by now, what is damaged.
    void keep(Index index, long now) {
        nowMillis = now;
        if (!damaged.isEmpty()) {
            visit(index, this::keepHit);
        }
        DamageTable.ScrubState scrub = null;
        Index before = old.index();
        if (before != null) {
            try {
                scrub = DamageTable.readScrub(before);
                for (DamageTable.Entry entry : DamageTable.read(before)) {
                    keepKnown(index, before, entry);
                }
                if (!damaged.isEmpty()) {
                    visit(before, (family, key, value) -> findLost(index, family, key, value));
                }
            } catch (StoreException e) {
                unknown = e.text();
            }
        }
        write(index, unknown == null ? scrub : Scrub.begun(now, 0));
    }

    /// How many damaged objects and parts the new index knows.
    int count() {
        return count;
    }

    /// Why damage that was known may be unknown now, so that the next start begins a scrub; null when it is not.
    @Nullable
    String unknown() {
        return unknown;
    }

    /// What is done with an index entry.
    private interface Visitor {
        void visit(Family family, byte[] key, byte[] value);
    }

    private static void visit(Index index, Visitor visitor) {
        for (Family family : FAMILIES) {
            try (IndexCursor cursor = index.cursor(family, IndexKeys.end())) {
                for (cursor.seek(IndexKeys.start()); cursor.isValid(); cursor.next()) {
                    visitor.visit(family, cursor.key(), cursor.value());
                }
            }
        }
    }

    private void write(Index index, DamageTable.@Nullable ScrubState scrub) {
        IndexBatch batch = index.batch();
        entries.values().forEach(known -> known.values().forEach(entry -> DamageTable.put(batch, entry)));
        if (scrub != null) {
            DamageTable.putScrub(batch, scrub);
        }
        index.write(batch, List.of(), List.of());
    }

    /// Remembers an entry of the new index that has bytes in a damaged record.
    private void keepHit(Family family, byte[] key, byte[] value) {
        Extents extents = ObjectRecord.of(value).extents();
        List<DamageTable.Run> runs = new ArrayList<>();
        String where = "";
        for (int at = 0; at < extents.count(); at++) {
            for (LogSurvey.Stretch stretch : damaged) {
                if (extents.isSegment(at)
                        && extents.length(at) > 0
                        && stretch.overlaps(extents.id(at), extents.offset(at), extents.length(at))) {
                    runs.add(run(extents, at));
                    where = stretch.toString();
                }
            }
        }
        if (!runs.isEmpty()) {
            String what = "bytes of it lie in a damaged record";
            keep(new DamageTable.Entry(family, key, nowMillis, what, runs));
            find(where, family, key, what);
        }
    }

    /// Remembers what the old index did, if the new one has these bytes too.
    private void keepKnown(Index index, Index before, DamageTable.Entry known) {
        Family family = known.family();
        byte[] key = known.key();
        if (hits(index, family, key, known)) {
            keep(known);
            return;
        }
        byte[] object = family == Family.PARTS ? IndexKeys.object(IndexKeys.bucketId(key), IndexKeys.name(key)) : null;
        if (object != null && hits(index, Family.CURRENT, object, known)) {
            keep(new DamageTable.Entry(Family.CURRENT, object, known.foundMillis(), known.reason(), known.runs()));
        } else if (hits(before, family, key, known)) {
            DamageTable.Run run = known.runs().getFirst();
            String where = (run.segment() ? "segment " : "large file ") + run.id() + " from " + run.offset();
            judgeLost(index, family, key, before.find(family, key), where);
        }
    }

    /// Judges an entry of the old index whose record is damaged.
    private void findLost(Index index, Family family, byte[] key, byte[] value) {
        for (LogSurvey.Stretch stretch : damaged) {
            if (stretch.overlaps(Location.segment(value), Location.offset(value), 1)) {
                judgeLost(index, family, key, value, stretch.toString());
                return;
            }
        }
    }

    private void judgeLost(Index index, Family family, byte[] key, byte @Nullable [] before, String where) {
        if (before == null
                || tail.changes(family, key)
                || of(entries, family).containsKey(key)
                || !of(lost, family).add(key)) {
            return;
        }
        byte[] now = index.find(family, key);
        if (now == null) {
            find(where, family, key, "it was damaged and is lost: the log does not have it whole");
        } else if (Location.segment(now) != Location.segment(before)
                || Location.offset(now) != Location.offset(before)) {
            String what = "its newest version is lost; an older one is there, which is refused like a damaged one";
            Extents extents = ObjectRecord.of(now).extents();
            List<DamageTable.Run> runs = new ArrayList<>();
            for (int at = 0; at < extents.count(); at++) {
                if (extents.length(at) > 0) {
                    runs.add(run(extents, at));
                }
            }
            keep(new DamageTable.Entry(family, key, nowMillis, what, runs));
            find(where, family, key, what);
        }
    }

    private void keep(DamageTable.Entry entry) {
        NavigableMap<byte[], DamageTable.Entry> known = of(entries, entry.family());
        DamageTable.Entry before = known.get(entry.key());
        if (before != null) {
            List<DamageTable.Run> runs = Stream.concat(before.runs().stream(), entry.runs().stream())
                    .distinct()
                    .toList();
            known.put(
                    entry.key(),
                    new DamageTable.Entry(entry.family(), entry.key(), before.foundMillis(), before.reason(), runs));
        } else if (count < limit) {
            count++;
            known.put(entry.key(), entry);
        } else {
            unknown = "limit max-damaged (" + limit + ") is reached";
        }
    }

    private static <T> T of(Map<Family, T> map, Family family) {
        return Objects.requireNonNull(map.get(family));
    }

    private void find(String where, Family family, byte[] key, String what) {
        findings.accept(
                new VolumeFinding(VolumeFinding.Kind.OBJECT, where, EntryName.of(family, key), what, WRITE_AGAIN));
    }

    private static boolean hits(Index index, Family family, byte[] key, DamageTable.Entry known) {
        byte[] value = index.find(family, key);
        if (value == null) {
            return false;
        }
        Extents extents = ObjectRecord.of(value).extents();
        for (int at = 0; at < extents.count(); at++) {
            for (DamageTable.Run run : known.runs()) {
                if (run.overlaps(extents, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static DamageTable.Run run(Extents extents, int at) {
        return new DamageTable.Run(extents.isSegment(at), extents.id(at), extents.offset(at), extents.length(at));
    }
}
