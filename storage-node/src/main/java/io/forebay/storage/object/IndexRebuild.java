package io.forebay.storage.object;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.time.Ticker;
import io.forebay.storage.metadata.Index;
import io.forebay.storage.metadata.IndexMemory;
import io.forebay.storage.metadata.SpaceTable;
import io.forebay.storage.volume.LogPosition;
import io.forebay.storage.volume.LogRecord;
import io.forebay.storage.volume.LogSurvey;
import io.forebay.storage.volume.OfflineVolume;
import io.forebay.storage.volume.Volume;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Makes a volume's index anew from its segments and files, and puts it in the place of the old one.
///
/// Damaged records are passed over and reported. What they said is unknown: an object written there is as it was
/// before, and one removed there is back, if the log still has it. Damage that the old index knew is remembered.
public final class IndexRebuild {
    private static final String UNKNOWN = "what these records wrote or removed is unknown and was passed over";

    private final Volume volume;
    private final WorkProgress progress;
    private final long totalBytes;
    private final List<VolumeFinding> findings = new ArrayList<>();
    private long records;
    private long doneBytes;

    private IndexRebuild(Volume volume, long totalBytes, WorkProgress progress) {
        this.volume = volume;
        this.totalBytes = totalBytes;
        this.progress = progress;
    }

    /// Rebuilds the index of the volume in a folder; throws as `VolumeCheck.check`. The old index stays until the new
    /// one is complete.
    public static RebuildReport rebuild(Path folder, StoreConfig config, WorkProgress progress) {
        VolumeOwner owner;
        long bytes;
        try (OfflineVolume offline = OfflineVolume.open(VolumeCheck.disk(folder))) {
            owner = offline.owner();
            bytes = offline.segmentBytes();
        }
        Metrics metrics = new Metrics();
        Volume volume = Volume.open(VolumeCheck.disk(folder), config.volume(), owner, Ticker.SYSTEM, metrics);
        try (IndexMemory memory = new IndexMemory(config.index(), 2)) {
            IndexSwap swap = new IndexSwap(folder);
            Path target = swap.begin();
            IndexRebuild rebuild = new IndexRebuild(volume, bytes, progress);
            RebuildReport report;
            try (OldIndex old = OldIndex.open(folder.resolve(VolumeStore.INDEX_FOLDER), memory);
                    Index index = Index.open(target, memory)) {
                report = rebuild.run(index, old, config, metrics);
                index.flush();
            }
            swap.commit();
            return report;
        } finally {
            volume.close();
        }
    }

    private RebuildReport run(Index index, OldIndex old, StoreConfig config, Metrics metrics) {
        SpaceUse use = new SpaceUse(volume.segments(), id -> SpaceTable.fileOwners(index, id));
        Upkeep upkeep = new Upkeep(index, volume, Ticker.SYSTEM, metrics);
        IndexApplier applier = new IndexApplier(index, volume, config.index(), use, upkeep);
        KeptDamage damage = new KeptDamage(old, config.scrub().maxDamaged(), findings::add);
        LogPosition end = volume.survey(new Survey(applier, damage));
        applier.endReplay(end);
        damage.keep(index, System.currentTimeMillis());
        return new RebuildReport(
                volume.toString(), records, use.objectCount(), List.copyOf(findings), damage.count(), damage.unknown());
    }

    /// Takes the log in.
    private final class Survey implements LogSurvey.Visitor {
        private final IndexApplier applier;
        private final KeptDamage damage;

        Survey(IndexApplier applier, KeptDamage damage) {
            this.applier = applier;
            this.damage = damage;
        }

        @Override
        public void record(LogRecord record) {
            records++;
            int operations = record.operations().position();
            applier.replay(record);
            record.operations().position(operations);
            damage.record(record);
        }

        @Override
        public void damaged(LogSurvey.Stretch stretch) {
            damage.damaged(stretch);
            log(stretch.toString(), UNKNOWN);
        }

        @Override
        public void damagedHeader(long segment) {
            log("segment " + segment, "its header is damaged; its records were taken in");
        }

        @Override
        public void missing(long segment) {
            log("segment " + segment, "the log's last segment is missing; what it had is unknown");
        }

        @Override
        public void progress(long bytes) {
            doneBytes += bytes;
            progress.at("log", doneBytes, totalBytes);
        }
    }

    private void log(String where, String what) {
        findings.add(new VolumeFinding(
                VolumeFinding.Kind.LOG, where, null, what, "compare with what the objects should be"));
    }
}
