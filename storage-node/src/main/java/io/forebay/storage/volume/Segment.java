package io.forebay.storage.volume;

/// What is known of one segment: how much of it is still needed.
///
/// Changed by whoever applies the log, one thread at a time; any thread may look.
public final class Segment {
    private final long id;
    private volatile long liveBytes;
    private volatile long removalBytes;
    private volatile long removedUntil;
    private volatile LogPosition emptied = LogPosition.START;
    private volatile long filledBytes;

    Segment(long id, long liveBytes, long removalBytes, long removedUntil) {
        this.id = id;
        this.liveBytes = liveBytes;
        this.removalBytes = removalBytes;
        this.removedUntil = removedUntil;
    }

    public long id() {
        return id;
    }

    /// The bytes of records and object data that the index still points to.
    public long liveBytes() {
        return liveBytes;
    }

    /// The bytes of what says that something is gone. It must stay while another segment, as old as
    /// `removedUntil` or older, may still have what was removed, or an index rebuilt from the segments would bring
    /// that back.
    public long removalBytes() {
        return removalBytes;
    }

    /// The youngest segment that has something which this one says is gone.
    public long removedUntil() {
        return removedUntil;
    }

    /// The log's position behind the record that took the last needed byte: before it is durable, a crash may bring
    /// the need back.
    public LogPosition emptied() {
        return emptied;
    }

    public void setEmptied(LogPosition position) {
        emptied = position;
    }

    /// Where the segment's records end; 0 while it takes more, or when that is not known.
    public long filledBytes() {
        return filledBytes;
    }

    public void setFilled(long bytes) {
        filledBytes = bytes;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    public void addLive(long bytes) {
        liveBytes += bytes;
    }

    /// Counts something that says what is gone: it was in that segment or older ones.
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread changes it.
    public void addRemoval(long bytes, long until) {
        removedUntil = Math.max(removedUntil, until);
        removalBytes += bytes;
    }

    /// Says that all removals were repeated in later segments, or matter no more.
    public void clearRemovals() {
        removalBytes = 0;
        removedUntil = 0;
    }

    static String path(long id) {
        return SegmentFiles.FOLDER + "/" + FileIds.hex(id) + SegmentFiles.SUFFIX;
    }
}
