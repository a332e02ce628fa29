package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Finds objects and opens their bytes, without a lock: whoever finds that a file has gone looks again, and reports
/// as damaged what is still there and has lost its file.
final class ObjectReader {
    private final VolumeSet volumes;
    private final LongAdder reads;

    ObjectReader(VolumeSet volumes, LongAdder reads) {
        this.volumes = volumes;
        this.reads = reads;
    }

    /// As `ObjectStore.read`.
    ReadOutcome read(Bucket bucket, ObjectKey object, Waiting waiting, ReadOutcome.Choice choice) {
        byte[] key = IndexKeys.of(bucket.id(), object);
        Copies.Copy previous = null;
        while (true) {
            Copies.Copy copy;
            if (waiting == Waiting.ALLOWED) {
                copy = volumes.find(key);
            } else {
                switch (volumes.findNow(key)) {
                    case VolumeSet.Search.Known known -> copy = known.copy();
                    case VolumeSet.Search.Unknown unknown -> {
                        return ReadOutcome.WouldWait.INSTANCE;
                    }
                }
            }
            if (copy == null) {
                return ReadOutcome.Absent.INSTANCE;
            }
            ObjectRecord record = copy.record();
            ByteRange range = choice.looksBeside()
                    ? choice.of(record, FileSidecar.of(copy.store().volume(), record))
                    : choice.of(record);
            if (range != null) {
                copy.store().damage().refuse(record, object.toString());
            }
            List<FileSlice> slices = range == null ? List.of() : open(copy.store(), key, record, range, waiting);
            if (slices != null) {
                reads.increment();
                return new ReadOutcome.Found(record, slices);
            }
            if (waiting == Waiting.FORBIDDEN) {
                return ReadOutcome.WouldWait.INSTANCE;
            }
            checkReplaced(key, object.toString(), copy, previous);
            previous = copy;
        }
    }

    private static @Nullable List<FileSlice> open(
            VolumeStore store, byte[] key, ObjectRecord record, ByteRange range, Waiting waiting) {
        try {
            return store.open(record, range, waiting);
        } catch (StoreException e) {
            if (e.code() == ErrorCode.CORRUPT) {
                store.damage().report(Family.of(key), key, record, e.text());
            }
            throw e;
        }
    }

    /// A record whose file is gone must have been replaced meanwhile; one that is found again has lost its file.
    private static void checkReplaced(byte[] key, String what, Copies.Copy copy, Copies.@Nullable Copy previous) {
        if (previous != null
                && previous.store().equals(copy.store())
                && previous.record().segment() == copy.record().segment()
                && previous.record().inlineOffset() == copy.record().inlineOffset()) {
            copy.store().damage().report(Family.of(key), key, copy.record(), "a file that has bytes of it is missing");
            throw new StoreException(ErrorCode.CORRUPT, what + " cannot be read: its file is missing");
        }
    }
}
