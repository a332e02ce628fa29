package io.forebay.storage.volume;

import java.util.Collection;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The segments of a volume by id, which is the order of the log.
public final class Segments {
    private final ConcurrentSkipListMap<Long, Segment> byId = new ConcurrentSkipListMap<>();

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

    /// Whether no older segment is known.
    public boolean isOldest(long id) {
        return byId.lowerKey(id) == null;
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
        byId.remove(id);
    }
}
