package io.forebay.storage.volume;

/// What is known of one segment: how much of it is still needed.
///
/// Changed by whoever applies the log, one thread at a time; any thread may look.
public final class Segment {
    private final long id;
    private volatile long liveBytes;
    private volatile long tombstones;
    private volatile LogPosition emptied = LogPosition.START;

    Segment(long id, long liveBytes, long tombstones) {
        this.id = id;
        this.liveBytes = liveBytes;
        this.tombstones = tombstones;
    }

    public long id() {
        return id;
    }

    /// The bytes of records and object data that the index still points to.
    public long liveBytes() {
        return liveBytes;
    }

    /// The records that say that something is gone. They must stay while an older segment may still have what they
    /// removed, or an index rebuilt from the segments would bring it back.
    public long tombstones() {
        return tombstones;
    }

    /// The log's position behind the record that took the last needed byte: before it is durable, a crash may bring
    /// the need back.
    public LogPosition emptied() {
        return emptied;
    }

    public void setEmptied(LogPosition position) {
        emptied = position;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    public void addLive(long bytes) {
        liveBytes += bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    public void addTombstone() {
        tombstones++;
    }

    static String path(long id) {
        return SegmentFiles.FOLDER + "/" + FileIds.hex(id) + SegmentFiles.SUFFIX;
    }
}
