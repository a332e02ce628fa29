package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.storage.metadata.Family;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexBatch;
import io.forebay.storage.metadata.IndexCursor;
import io.forebay.storage.metadata.IndexKeys;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.metadata.LogState;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LargeFiles;
import io.forebay.storage.volume.LocalDisk;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.LogSurvey;
import io.forebay.storage.volume.OfflineVolume;
import io.forebay.storage.volume.Segments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Looks at a volume that no process serves and says what is wrong with it. Changes nothing.
///
/// Reads every record of the log, every file of the index and every byte of every object and part; compares
/// what the index says of the space in use with what there is.
public final class VolumeCheck {
    /*
     * The index on disk is as old as its last flush; the log behind that is kept in memory as what the next start would
     * replay (`LogTail`). An entry that the tail changes is counted in the books as it was, and verified as it will be.
     */
    private static final int MAX_LISTED = 1000;
    private static final List<Family> FAMILIES =
            List.of(Family.CURRENT, Family.VERSIONS, Family.UPLOADS, Family.PARTS, Family.TOMBSTONES);
    private static final int BATCH_ENTRIES = 1000;
    private static final String REBUILD = "run: forebay volume rebuild-index ";

    private final Path folder;
    private final OfflineVolume volume;
    private final StoreConfig config;
    private final WorkProgress progress;
    private final List<VolumeFinding> findings = new ArrayList<>();
    private final List<LogSurvey.Stretch> damaged = new ArrayList<>();
    private final Map<Family, Long> counts = new EnumMap<>(Family.class);
    private final LogTail tail = new LogTail();
    private long damages;
    private long leftovers;
    private long records;
    private long surveyedBytes;

    private VolumeCheck(Path folder, OfflineVolume volume, StoreConfig config, WorkProgress progress) {
        this.folder = folder;
        this.volume = volume;
        this.config = config;
        this.progress = progress;
    }

    /// Checks the volume in a folder. Throws IN_USE when a process has it open, INVALID_ARGUMENT when it is no
    /// volume or one of another format, CORRUPT when its identity cannot be read, VOLUME_FAILED.
    public static CheckReport check(Path folder, StoreConfig config, WorkProgress progress) {
        try (OfflineVolume volume = OfflineVolume.open(disk(folder))) {
            return new VolumeCheck(folder, volume, config, progress).run();
        }
    }

    /// The disk of a folder that is there.
    static LocalDisk disk(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "folder " + folder + " does not exist");
        }
        try {
            return new LocalDisk(folder);
        } catch (IOException e) {
            throw new StoreException(ErrorCode.VOLUME_FAILED, "cannot open " + folder + ": " + e.getMessage(), e);
        }
    }

    private CheckReport run() {
        try (IndexMemory memory = new IndexMemory(config.index());
                OpenedIndex opened = new OpenedIndex(openIndex(memory))) {
            Index index = opened.index();
            LogState state = index == null ? null : stateOf(index);
            LogPosition flushed =
                    state == null ? null : new LogPosition(state.segment(), state.offset(), state.sequence());
            survey(flushed);
            EntryCheck entries = new EntryCheck(volume, damaged, progress, this::add);
            if (index != null) {
                checkEntries(index, state, entries);
            }
            checkFiles(index, entries);
            volume.strangeFiles().forEach(path -> leftover(path, "is no segment"));
            return report(entries.verifiedBytes());
        }
    }

    /// An index that may be missing.
    private record OpenedIndex(@Nullable Index index) implements AutoCloseable {
        @Override
        public void close() {
            if (index != null) {
                index.close();
            }
        }
    }

    private CheckReport report(long verifiedBytes) {
        return new CheckReport(
                volume.id(),
                volume.format(),
                volume.segments().size(),
                records,
                counts.getOrDefault(Family.CURRENT, 0L),
                counts.getOrDefault(Family.UPLOADS, 0L),
                counts.getOrDefault(Family.PARTS, 0L),
                verifiedBytes,
                List.copyOf(findings),
                damages,
                leftovers);
    }

    private @Nullable Index openIndex(IndexMemory memory) {
        Path path = folder.resolve(VolumeStore.INDEX_FOLDER);
        if (!Files.isDirectory(path)) {
            add(new VolumeFinding(
                    VolumeFinding.Kind.INDEX,
                    VolumeStore.INDEX_FOLDER,
                    null,
                    "there is no index: objects were not checked",
                    REBUILD + folder + " (or start the node: it makes one from the log)"));
            return null;
        }
        try {
            return Index.openReadOnly(path, memory);
        } catch (StoreException e) {
            corruptIndex(e);
            return null;
        }
    }

    private void corruptIndex(StoreException e) {
        add(new VolumeFinding(
                VolumeFinding.Kind.INDEX,
                VolumeStore.INDEX_FOLDER,
                null,
                e.text() + ": not every object was checked",
                REBUILD + folder + ", then check again"));
    }

    private @Nullable LogState stateOf(Index index) {
        try {
            return LogState.read(index);
        } catch (StoreException e) {
            corruptIndex(e);
            return null;
        }
    }

    /// @param flushed up to where the index on disk has the log; null for nothing
    private void survey(@Nullable LogPosition flushed) {
        long total = volume.segmentBytes();
        volume.survey(new LogSurvey.Visitor() {
            @Override
            public void record(LogRecord record) {
                records++;
                if (flushed == null || record.end().compareTo(flushed) > 0) {
                    tail.add(record);
                }
            }

            @Override
            public void damaged(LogSurvey.Stretch stretch) {
                damaged.add(stretch);
                boolean needed = flushed == null
                        || stretch.segment() > flushed.segment()
                        || (stretch.segment() == flushed.segment() && stretch.to() > flushed.offset());
                log(stretch.toString(), needed ? "a start would fail here: these records are damaged" : "damaged");
            }

            @Override
            public void damagedHeader(long segment) {
                log(volume.path(segment), "the segment's header is damaged");
            }

            @Override
            public void missing(long segment) {
                log(volume.path(segment), "the log's last segment is missing");
            }

            @Override
            public void progress(long bytes) {
                surveyedBytes += bytes;
                progress.at("log", surveyedBytes, total);
            }
        });
    }

    private void log(String where, String what) {
        add(new VolumeFinding(
                VolumeFinding.Kind.LOG,
                where,
                null,
                what,
                "objects in it are named below; to be rid of it, write them again, or " + REBUILD + folder));
    }

    private void checkEntries(Index index, @Nullable LogState state, EntryCheck entries) {
        SpaceBooks books = new SpaceBooks(index);
        try {
            for (Family family : FAMILIES) {
                checkFamily(index, family, books, entries);
            }
            if (state != null) {
                books.compare(
                        state,
                        volume,
                        (where, what) ->
                                add(new VolumeFinding(VolumeFinding.Kind.SPACE, where, null, what, REBUILD + folder)));
            }
        } catch (StoreException e) {
            if (e.code() != ErrorCode.CORRUPT) {
                throw e;
            }
            corruptIndex(e);
        }
    }

    private void checkFamily(Index index, Family family, SpaceBooks books, EntryCheck entries) {
        long count = 0;
        try (IndexCursor cursor = index.cursor(family, IndexKeys.end())) {
            for (cursor.seek(IndexKeys.start()); cursor.isValid(); cursor.next()) {
                byte[] key = cursor.key();
                byte[] value = cursor.value();
                if (!entries.decodes(family, key, value)) {
                    continue;
                }
                books.add(family, value);
                entries.own(family, value);
                if (!tail.changes(family, key)) {
                    count++;
                    entries.verify(family, key, value);
                }
            }
        }
        for (Map.Entry<byte[], LogTail.Change> change : tail.all(family).entrySet()) {
            byte[] value = change.getValue().value();
            if (value != null && entries.decodes(family, change.getKey(), value)) {
                count += entries.verifyTail(
                        family, change.getKey(), value, change.getValue().durability());
            }
        }
        counts.put(family, count);
    }

    private void checkFiles(@Nullable Index index, EntryCheck entries) {
        volume.visitFiles(new LargeFiles.Visitor() {
            @Override
            public void file(long id) {
                if (index != null && !entries.isOwned(id)) {
                    leftover(volume.path(id), "no object owns this file");
                }
            }

            @Override
            public void strange(String path) {
                leftover(path, "is no large file");
            }
        });
    }

    private void leftover(String where, String what) {
        add(new VolumeFinding(
                VolumeFinding.Kind.LEFTOVER, where, null, what, "nothing: the next start removes what a crash left"));
    }

    private void add(VolumeFinding finding) {
        if (finding.kind().isDamage()) {
            damages++;
        } else {
            leftovers++;
        }
        if (findings.size() < MAX_LISTED) {
            findings.add(finding);
        }
    }

    /// The space books as the entries of an index make them, to be compared with those that it keeps.
    private static final class SpaceBooks {
        private final Index index;
        private final Segments segments = new Segments();
        private final SpaceUse use = new SpaceUse(segments, id -> 0);
        private final IndexBatch batch;
        private int added;

        SpaceBooks(Index index) {
            this.index = index;
            this.batch = index.batch();
        }

        void add(Family family, byte[] value) {
            use.add(family, value);
            if (++added % BATCH_ENTRIES == 0) {
                use.endRecord(batch);
                batch.clear();
            }
        }

        /// Tells what the index keeps that is not so.
        void compare(LogState state, OfflineVolume volume, BiConsumer<String, String> finding) {
            if (state.objectCount() != use.objectCount()) {
                finding.accept("index", "counts " + state.objectCount() + " objects, but has " + use.objectCount());
            }
            if (state.largeFileBytes() != use.largeFileBytes()) {
                finding.accept(
                        "index",
                        "counts " + state.largeFileBytes() + " bytes of large files, but they are "
                                + use.largeFileBytes());
            }
            SpaceTable.readSegments(index, kept -> {
                long actual = segments.ensure(kept.id()).liveBytes();
                if (actual != kept.liveBytes()) {
                    finding.accept(
                            volume.path(kept.id()),
                            "counts " + kept.liveBytes() + " bytes as needed, but they are " + actual);
                }
            });
        }
    }
}
