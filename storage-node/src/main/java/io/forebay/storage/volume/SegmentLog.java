package io.forebay.storage.volume;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The log of a volume: takes records from many writers and commits them in groups.
///
/// A group is one gathered write at the end of the active segment, one sync for all in it that ask for one,
/// and one call of the applier, which makes it visible. Several groups may be on their way at once, but writes
/// happen in log order and so do applications; a sync covers everything written before it. So what is visible
/// is always a prefix of the log, and what was acknowledged as durable is never behind a gap. Full segments
/// may wait for their sync while records without durability go on in later ones; a record that asks for
/// durability is written only when every segment before its own is durable.
public final class SegmentLog<E extends LogEntry> implements AutoCloseable {
    /*
     * Each committer thread takes a group through all stages. `turn` is held while a group is gathered, placed and
     * written; tickets order the applications. Page tails: a group ends with zeros up to the page's end, and the next
     * one begins right behind the records, so that no page has to be read before it is written; that is why the writes
     * of two groups must not overtake each other.
     */
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(LogFrame.PAGE_BYTES);

    /// Passed over by sequence numbers at a start, so that what an earlier run left behind the log's end is
    /// never taken for its continuation.
    private static final long START_JUMP = 1L << 32;

    /// Passed over after a failed write, for the same reason.
    private static final long FAILURE_JUMP = 1L << 20;

    private static final int SEAL_BYTES = LogFrame.padded(LogFrame.HEADER_BYTES + Long.BYTES);

    private final SegmentFiles files;
    private final FileIds ids;
    private final LogApplier<E> applier;
    private final LogQueue<E> queue;
    private final LogCounters counters;
    private final Ticker ticker;
    private final long segmentBytes;
    private final int unsyncedSegments;
    private final LogSync sync;
    private final List<Thread> threads = new ArrayList<>();

    /// What the first record of this run has for a sequence number.
    private final long firstSequence;

    /// Held while a group is made and written; guards the fields below it.
    private final ReentrantLock turn = new ReentrantLock();

    private long segment;
    /// What the active segment takes.
    private volatile long limit;

    private int offset;
    private long sequence;
    private long nextTicket;

    /// Held while a group is applied.
    private final ReentrantLock applying = new ReentrantLock();

    private final Condition applied = applying.newCondition();
    private long appliedTickets;

    private volatile @Nullable StoreException failure;

    /// A log that goes on at that position, in that file, whose place the log takes over.
    SegmentLog(
            SegmentFiles files,
            FileIds ids,
            LogStart start,
            VolumeConfig config,
            LogCounters counters,
            LogApplier<E> applier) {
        this.files = files;
        this.ids = ids;
        this.applier = applier;
        this.counters = counters;
        this.ticker = counters.ticker();
        this.queue = new LogQueue<>(config.group().bytes());
        this.segmentBytes = config.segmentBytes();
        this.unsyncedSegments = config.unsyncedSegments();
        this.sync = new LogSync(start.file(), start.position(), counters);
        this.segment = start.position().segment();
        this.limit = start.limit();
        this.offset = start.position().offset();
        this.firstSequence = start.position().sequence() + START_JUMP;
        this.sequence = firstSequence;
        for (int index = 0; index < config.groupsInFlight(); index++) {
            startThread("forebay-log-" + counters.volume() + "-" + index, this::run);
        }
    }

    private void startThread(String name, Runnable work) {
        threads.add(Thread.ofPlatform().daemon().name(name).start(work));
    }

    /// Where a log goes on: the file of the active segment, open for writing, and the place in it.
    ///
    /// @param limit what that segment takes
    record LogStart(DiskFile file, LogPosition position, long limit) {}

    /// One group on its way.
    private record Group<E>(long ticket, List<E> entries, LogPosition end, boolean wantsSync) {}

    /// Syncs full segments on a thread of its own from now on. Without this they wait until something needs
    /// them to be durable, or there are too many.
    public void syncInBackground() {
        startThread("forebay-log-sync-" + counters.volume(), this::runSync);
    }

    /// Commits a record as durably as it asks for and returns when it is visible. Throws NO_SPACE or
    /// VOLUME_FAILED; it is then not visible, now or later, unless the volume failed while it was written.
    public void commit(E entry) {
        long start = ticker.nanos();
        submit(List.of(entry));
        entry.await();
        counters.commitTime().record(ticker.nanos() - start);
    }

    /// Commits records in one group, as far as one takes them, and returns when the last is visible. Gives
    /// for each what it failed with, or null. Throws when none was tried.
    public List<@Nullable StoreException> commitTogether(List<E> entries) {
        long start = ticker.nanos();
        submit(entries);
        List<@Nullable StoreException> failures = new ArrayList<>(entries.size());
        for (E entry : entries) {
            failures.add(entry.awaitOutcome());
        }
        counters.commitTime().record(ticker.nanos() - start);
        return failures;
    }

    private void submit(List<E> entries) {
        StoreException failed = failure;
        if (failed != null) {
            throw refusal(failed);
        }
        for (E entry : entries) {
            if (entry.paddedLength() > segmentBytes / 2) {
                throw new StoreException(
                        ErrorCode.TOO_LARGE,
                        "a record of " + entry.paddedLength() + " bytes does not fit into a segment");
            }
        }
        if (wantsSync(entries)) {
            // Here, so that records without durability need not wait for it; what is left is little.
            syncFull();
        }
        queue.add(entries);
    }

    /// Brings everything that was written so far to stable storage. Throws VOLUME_FAILED; the log takes no
    /// more records then.
    public void sync() {
        try {
            sync.syncTo(sync.written());
        } catch (StoreException e) {
            throw fail(e);
        }
    }

    /// Everything before this position is on stable storage.
    public LogPosition durable() {
        return sync.durable();
    }

    /// Everything before this position was written; whether it is durable or visible yet is not said.
    public LogPosition written() {
        return sync.written();
    }

    /// Whether the active segment has more than a part of what it takes.
    public boolean isFilled(double part) {
        return sync.written().offset() > part * limit;
    }

    /// How many full segments are not on stable storage.
    public int unsyncedSegments() {
        return sync.fullCount();
    }

    /// Runs an action between the applications of two groups.
    public void betweenGroups(Runnable action) {
        applying.lock();
        try {
            action.run();
        } finally {
            applying.unlock();
        }
    }

    /// Why the log refuses records, or null.
    public @Nullable StoreException failure() {
        return failure;
    }

    /// Takes no more records because of a failure outside the log, and returns what to throw.
    public StoreException refuse(StoreException cause) {
        return fail(cause);
    }

    /// Ends the committers after what is waiting, brings everything to stable storage and closes the files.
    /// Records that come later are refused.
    @Override
    public void close() {
        queue.close();
        sync.stop();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            if (failure == null) {
                sync();
            }
        } finally {
            closeFiles();
        }
    }

    private void closeFiles() {
        try {
            sync.close();
        } catch (IOException e) {
            throw VolumeFailure.of("cannot close the log of volume " + counters.volume(), e);
        }
    }

    private void runSync() {
        try {
            boolean more = true;
            while (more) {
                more = sync.syncNext();
            }
        } catch (StoreException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new StoreException(ErrorCode.INTERNAL, "cannot sync the log: " + e.getMessage(), e));
        }
    }

    private void run() {
        boolean open = true;
        while (open) {
            Group<E> group = null;
            turn.lock();
            try {
                List<E> entries = queue.take();
                open = !entries.isEmpty();
                if (open) {
                    group = write(entries);
                }
            } finally {
                turn.unlock();
            }
            if (group != null) {
                finish(group);
            }
        }
    }

    /// Places and writes what fits into the active segment; the rest goes back to the head of the queue. Null
    /// when the entries were completed by a failure.
    private @Nullable Group<E> write(List<E> entries) {
        List<E> placed = entries;
        try {
            StoreException failed = failure;
            if (failed != null) {
                throw refusal(failed);
            }
            int first = entries.getFirst().paddedLength();
            if (offset + first + SEAL_BYTES > limit) {
                roll(first);
            }
            if (wantsSync(entries)) {
                syncFull();
            }
            int begin = offset;
            int count = place(entries);
            queue.putBack(entries.subList(count, entries.size()));
            placed = entries.subList(0, count);
            writeAt(begin, buffers(placed));
            LogPosition end = new LogPosition(segment, offset, sequence);
            sync.written(end);
            counters.groups().increment();
            counters.commits().add(count);
            counters.logBytes().add(offset - begin);
            return new Group<>(nextTicket++, placed, end, wantsSync(placed));
        } catch (StoreException e) {
            placed.forEach(entry -> entry.complete(e));
            return null;
        }
    }

    private int place(List<E> entries) {
        long durableBefore = sync.durable().sequence();
        int count = 0;
        for (E entry : entries) {
            int length = entry.paddedLength();
            if (offset + length + SEAL_BYTES > limit) {
                break;
            }
            entry.place(segment, offset, sequence++, durableBefore);
            offset += length;
            count++;
        }
        return count;
    }

    private ByteBuffer[] buffers(List<E> entries) {
        List<ByteBuffer> buffers = new ArrayList<>(2 * entries.size() + 1);
        for (E entry : entries) {
            buffers.add(entry.head());
            ByteBuffer rest = entry.rest();
            if (rest != null) {
                buffers.add(rest);
            }
            if (entry.padding() > 0) {
                buffers.add(ZEROS.slice(0, entry.padding()));
            }
        }
        int pageTail = -offset & (LogFrame.PAGE_BYTES - 1);
        if (pageTail > 0) {
            buffers.add(ZEROS.slice(0, pageTail));
        }
        return buffers.toArray(ByteBuffer[]::new);
    }

    private static boolean wantsSync(List<? extends LogEntry> entries) {
        for (LogEntry entry : entries) {
            if (entry.durability() != Durability.NONE) {
                return true;
            }
        }
        return false;
    }

    private void writeAt(int at, ByteBuffer[] buffers) {
        try {
            sync.file().write(at, buffers);
        } catch (IOException e) {
            StoreException failed = VolumeFailure.of("cannot write " + Segment.path(segment), e);
            // The place is used again by records with higher sequence numbers; what this attempt left there must not
            // be taken for records after a crash.
            offset = at;
            sequence += FAILURE_JUMP;
            if (failed.code() == ErrorCode.NO_SPACE && wipe(at)) {
                throw failed;
            }
            throw fail(failed);
        }
    }

    /// Sees to it that no record begins at that place. On a full disk this fails where nothing was written,
    /// either.
    private boolean wipe(int at) {
        try {
            DiskFile file = sync.file();
            if (file.size() > at) {
                file.write(at, new ByteBuffer[] {ZEROS.slice(0, LogFrame.HEADER_BYTES)});
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// Seals the active segment and goes on in a new one that takes a record of that length at least. Everything
    /// before is applied by then; it is durable, too, at the first time in a run, so that every record of a later
    /// segment can say what was durable before it.
    private void roll(int length) {
        awaitApplied(nextTicket);
        long next = ids.take();
        long least = LogFrame.SEGMENT_HEADER_BYTES + (long) length + SEAL_BYTES;
        long nextLimit = Math.max(files.nextBytes(), least + LogFrame.PAGE_BYTES - 1 & -LogFrame.PAGE_BYTES);
        DiskFile opened;
        try {
            opened = files.create(next);
        } catch (IOException e) {
            StoreException failed = VolumeFailure.of("cannot begin segment " + next, e);
            throw failed.code() == ErrorCode.NO_SPACE ? failed : fail(failed);
        }
        ByteBuffer seal = ByteBuffer.allocateDirect(SEAL_BYTES);
        seal.putLong(LogFrame.HEADER_BYTES, next);
        int crc = LogFrame.bodyCrc(seal, Long.BYTES);
        LogFrame.beginHeader(seal, LogFrame.KIND_SEAL, Durability.GROUP, 0, Long.BYTES, crc);
        LogFrame.endHeader(seal, segment, sequence++, sync.durable().sequence());
        boolean sealed = false;
        try {
            writeAt(offset, new ByteBuffer[] {seal});
            sealed = true;
        } finally {
            if (!sealed) {
                discard(opened, next);
            }
        }
        segment = next;
        limit = nextLimit;
        offset = LogFrame.SEGMENT_HEADER_BYTES;
        sync.roll(opened, new LogPosition(segment, offset, sequence));
        try {
            long most = unsyncedSegments * segmentBytes / nextLimit;
            sync.syncUntilLeft(sync.durable().sequence() < firstSequence ? 0 : (int) most);
        } catch (StoreException e) {
            throw fail(e);
        }
    }

    /// Drops a segment file that was made but not begun. After a failure it stays, since the seal that names
    /// it may have got to the disk; the next start goes on in it, or removes it.
    private void discard(DiskFile opened, long id) {
        try {
            opened.close();
            if (failure == null) {
                files.retire(id);
            }
        } catch (IOException e) {
            // The volume has failed already, or is full; what remains is an unknown file that the next start removes.
            fail(VolumeFailure.of("cannot discard " + Segment.path(id), e));
        }
    }

    /// Syncs, applies and completes a written group.
    private void finish(Group<E> group) {
        if (group.wantsSync && failure == null) {
            try {
                sync.syncTo(group.end);
            } catch (StoreException e) {
                fail(e);
            }
        }
        StoreException outcome = apply(group);
        group.entries.forEach(entry -> entry.complete(outcome));
    }

    private @Nullable StoreException apply(Group<E> group) {
        applying.lock();
        try {
            while (appliedTickets != group.ticket) {
                applied.awaitUninterruptibly();
            }
            if (failure == null) {
                applier.apply(group.entries, group.end);
            }
        } catch (StoreException e) {
            fail(e);
        } catch (RuntimeException e) {
            fail(new StoreException(ErrorCode.INTERNAL, "cannot apply the log: " + e.getMessage(), e));
        } finally {
            appliedTickets++;
            applied.signalAll();
            applying.unlock();
        }
        StoreException failed = failure;
        return failed == null ? null : refusal(failed);
    }

    private void awaitApplied(long tickets) {
        applying.lock();
        try {
            while (appliedTickets < tickets) {
                applied.awaitUninterruptibly();
            }
        } finally {
            applying.unlock();
        }
    }

    private void syncFull() {
        try {
            sync.syncFull();
        } catch (StoreException e) {
            throw fail(e);
        }
    }

    /// After a failed sync nobody knows what is on the disk: the log takes no more records.
    private StoreException fail(StoreException cause) {
        StoreException failed = cause.code() == ErrorCode.NO_SPACE
                ? new StoreException(ErrorCode.VOLUME_FAILED, cause.text(), cause)
                : cause;
        Check.that(failed.code() != ErrorCode.BUSY, "a log never fails as busy");
        if (failure == null) {
            failure = failed;
        }
        return failed;
    }

    private StoreException refusal(StoreException cause) {
        return new StoreException(
                ErrorCode.VOLUME_FAILED, "volume " + counters.volume() + " refuses writes: " + cause.text(), cause);
    }
}
