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
        return byId.computeIfAbsent(id, key -> new Segment(id, 0, 0));
    }

    /// Makes a segment known with what was remembered of it.
    public void restore(long id, long liveBytes, long tombstones) {
        byId.put(id, new Segment(id, liveBytes, tombstones));
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

    public long liveBytes() {
        long bytes = 0;
        for (Segment segment : byId.values()) {
            bytes += segment.liveBytes();
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
