package io.forebay.storage.archive;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.BodyBytes;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Follower;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Sidecar;
import io.forebay.storage.object.StripedLock;
import io.forebay.transform.archive.MemberIndexer;
import io.forebay.transform.archive.index.MemberIndex;
import io.forebay.transform.archive.model.ArchiveFormat;
import io.forebay.transform.archive.model.SeekableBytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Archives among the objects of a node. Safe to share between threads.
public final class ObjectArchives {
    /// Indexes of archives that are there are made so many at once, and those of one archive one after the
    /// other.
    private static final int INDEXERS = 16;

    private final ArchiveConfig config;
    private final OpenedIndexes indexes;
    private final Semaphore arriving;
    private final StripedLock indexers = new StripedLock(INDEXERS);
    private final MemberFollower.Counts arrived;
    private final LongAdder reading;
    private final LongAdder failed;
    private final LongAdder extended;
    private final LongAdder rewritten;

    public ObjectArchives(ArchiveConfig config, Metrics metrics, String labels) {
        this.config = config;
        this.indexes = new OpenedIndexes(config.tableMemory().bytes(), metrics, labels);
        this.arriving = new Semaphore(config.maxArriving());
        this.reading = metrics.counter(ArchiveMetric.INDEXED_READING, labels);
        this.arrived = new MemberFollower.Counts(
                metrics.counter(ArchiveMetric.INDEXED_WRITING, labels),
                metrics.counter(ArchiveMetric.REFUSED, labels),
                metrics.counter(ArchiveMetric.PASSED_OVER, labels));
        this.failed = metrics.counter(ArchiveMetric.FAILED, labels);
        this.extended = metrics.counter(ArchiveMetric.EXTENDED, labels);
        this.rewritten = metrics.counter(ArchiveMetric.REWRITTEN, labels);
    }

    public ArchiveConfig config() {
        return config;
    }

    /// What finds the members of an object that arrives, if its name is an archive's; else null.
    public @Nullable Follower follower(String name) {
        ArchiveFormat format = ArchiveFormat.ofName(name);
        return format == null
                ? null
                : new MemberFollower(() -> new MemberIndexer(format, config.limits()), arriving, arrived);
    }

    /// What a reader learns from the index that is kept beside an archive; null when there is none, or it is
    /// damaged.
    <T> @Nullable T lookUp(Sidecar sidecar, Function<MemberIndex, T> question) {
        if (!sidecar.isPossible()) {
            return null;
        }
        return unlessDamaged(sidecar, () -> {
            try (FileSlice slice = sidecar.open()) {
                return slice == null ? null : question.apply(opened(sidecar, slice));
            }
        });
    }

    /// The index that the open bytes of a sidecar are; null when it is damaged.
    @Nullable
    MemberIndex sound(Sidecar sidecar, FileSlice slice) {
        return unlessDamaged(sidecar, () -> opened(sidecar, slice));
    }

    private <T> @Nullable T unlessDamaged(Sidecar sidecar, Supplier<@Nullable T> reading) {
        try {
            return reading.get();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT) {
                throw e;
            }
            indexes.drop(sidecar.identity());
            return null;
        }
    }

    private MemberIndex opened(Sidecar sidecar, FileSlice slice) {
        return indexes.open(sidecar.identity(), SeekableBytes.of(List.of(slice)));
    }

    /// What a reader learns from the index of an archive, which is made by reading the archive, and kept
    /// beside it where that can be. Throws INVALID_ARGUMENT when it is no archive, and what
    /// `MemberIndexer.index` throws.
    ///
    /// @param hint the format, or null for the one that its first bytes show
    <T> T index(
            @Nullable ArchiveFormat hint,
            SeekableBytes archive,
            Sidecar sidecar,
            String name,
            Function<MemberIndex, T> question) {
        if (!sidecar.isPossible()) {
            return question.apply(made(hint, archive, sidecar, name));
        }
        Lock indexer = indexers.of(name);
        indexer.lock();
        try {
            // Another reader may have made it meanwhile.
            T known = lookUp(sidecar, question);
            return known != null ? known : question.apply(made(hint, archive, sidecar, name));
        } finally {
            indexer.unlock();
        }
    }

    private MemberIndex made(@Nullable ArchiveFormat hint, SeekableBytes archive, Sidecar sidecar, String name) {
        byte[] index;
        try (ByteSource made =
                MemberIndexer.index(hint != null ? hint : detected(archive, name), archive, config.limits())) {
            index = BodyBytes.readAll(made, Integer.MAX_VALUE);
        }
        reading.increment();
        if (sidecar.isPossible()) {
            keep(sidecar, index);
        }
        return MemberIndex.open(SeekableBytes.of(ByteBuffer.wrap(index)));
    }

    private void keep(Sidecar sidecar, byte[] index) {
        try (MemoryBody bytes = MemoryBody.of(index)) {
            sidecar.put(bytes);
        } catch (StoreException e) {
            // It is made again next time.
            failed.increment();
        }
    }

    /// An archive to be extended, which the caller closes; takes over the slices, and closes them when it
    /// throws. Throws INVALID_ARGUMENT when it is no archive, and what `ArchiveAppend.to` throws.
    ///
    /// @param hint the format, or null for the one that its first bytes show
    /// @param decrypted the bytes of the archive, where they are not the slices'; or null
    public OpenArchive open(
            @Nullable ArchiveFormat hint,
            List<FileSlice> slices,
            @Nullable SeekableBytes decrypted,
            Sidecar sidecar,
            String name) {
        return OpenArchive.of(this, hint, slices, decrypted, sidecar, name);
    }

    /// Extends an archive where it is, unless that is not worth it, or it has too many pieces already: then
    /// null. Throws PRECONDITION_FAILED or NO_SUCH_OBJECT when it is not what it was; it is as it was then.
    public @Nullable ObjectRecord extend(
            ObjectStore store,
            Bucket bucket,
            ObjectKey key,
            ObjectRecord before,
            OpenArchive archive,
            NewMember member) {
        boolean inPlace = !before.isSealed()
                && archive.keptBytes() >= config.minInPlace().bytes()
                && before.extents().count() < config.maxPieces();
        if (!inPlace) {
            return null;
        }
        ObjectRecord after = new InPlaceAppend(store, bucket, key).append(before, archive, member);
        extended.increment();
        return after;
    }

    /// Counts an archive that was written from its beginning for a member.
    public void wroteAnew() {
        rewritten.increment();
    }

    static ArchiveFormat detected(SeekableBytes archive, String name) {
        ByteBuffer first = ByteBuffer.allocate((int) Math.min(ArchiveFormat.MAGIC_BYTES, archive.length()));
        if (first.hasRemaining()) {
            archive.read(0, first);
        }
        ArchiveFormat format = ArchiveFormat.ofMagic(first.flip());
        if (format == null) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, name + " is not an archive of a known format");
        }
        return format;
    }
}
