package io.forebay.storage.volume;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/// The segments of a volume by id, which is the order of the log.
public final class Segments {
    private final ConcurrentSkipListMap<Long, Segment> byId = new ConcurrentSkipListMap<>();
    /// Forgotten, but their files are still there: a reader has them open, or their removal is not durable.
    private final ConcurrentSkipListSet<Long> leaving = new ConcurrentSkipListSet<>();

    /// The segment of that id, made known when it is new.
    public Segment ensure(long id) {
        return byId.computeIfAbsent(id, key -> new Segment(id, 0, 0, 0));
    }

    /// Makes a segment known with what was remembered of it.
    public Segment restore(long id, long liveBytes, long removalBytes, long removedUntil) {
        Segment segment = new Segment(id, liveBytes, removalBytes, removedUntil);
        byId.put(id, segment);
        return segment;
    }

    public @Nullable Segment find(long id) {
        return byId.get(id);
    }

    public Collection<Segment> all() {
        return byId.values();
    }

    /// Whether there is no older segment, nor the file of one.
    public boolean isOldest(long id) {
        return byId.lowerKey(id) == null && leaving.lower(id) == null;
    }

    /// Whether what a segment says is gone may still be in another one.
    public boolean needsRemovals(Segment segment) {
        return segment.removalBytes() > 0 && needsRemovals(segment.id(), segment.removedUntil());
    }

    /// Whether something in that segment or an older one, said to be gone by another, may still be there.
    public boolean needsRemovals(long saidBy, long until) {
        for (Long id : byId.headMap(until, true).keySet()) {
            if (id != saidBy) {
                return true;
            }
        }
        for (Long id : leaving.headSet(until, true)) {
            if (id != saidBy) {
                return true;
            }
        }
        return false;
    }

    /// The bytes of a segment that it is kept for.
    public long neededBytes(Segment segment) {
        return segment.liveBytes() + (needsRemovals(segment) ? segment.removalBytes() : 0);
    }

    public long liveBytes() {
        long bytes = 0;
        for (Segment segment : byId.values()) {
            bytes += segment.liveBytes();
        }
        return bytes;
    }

    /// The bytes of the files of all segments, where one that is not known to be full takes so many.
    long fileBytes(long ofUnknown) {
        long bytes = 0;
        for (Segment segment : byId.values()) {
            bytes += segment.filledBytes() > 0 ? segment.filledBytes() : ofUnknown;
        }
        return bytes;
    }

    public int count() {
        return byId.size();
    }

    void forget(long id) {
        leaving.add(id);
        byId.remove(id);
    }

    /// Says that the file of a forgotten segment is gone for good.
    void gone(long id) {
        leaving.remove(id);
    }
}
