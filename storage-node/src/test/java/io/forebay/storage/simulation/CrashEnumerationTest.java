package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every row of up to three operations, and the power going at every moment of it.
///
/// A moment is a change of the disk or the index. At each, the pieces that are not on stable storage are kept,
/// lost and torn (`Fates`), and the volume is recovered with its index as of the last flush (and, while one is
/// under way, as of that) and without any. Rows of one and two operations get every fate that `Fates` lists;
/// of those of three, every moment of the last operation gets three: nothing kept, everything kept, and one of
/// the list by the row's number. Compaction and filling segments have many moments: when they come last in a
/// row of two or three, every sixth gets those three.
/// `-Drow=PUT_NEW,FLUSH` checks one row with all its fates.
final class CrashEnumerationTest {
    private static final int MANY_MOMENTS = 6;

    /// Operations that meet several unsynced segments under every fate: a durable record, one that is not, a
    /// flush.
    private static final Set<Operation> WITH_EVERY_FATE =
            EnumSet.of(Operation.PUT_NEW, Operation.PUT_SMALL_UNSYNCED, Operation.FLUSH, Operation.REMOVE_UNSYNCED);

    private final CrashCheck check = new CrashCheck();

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedOutlivesEveryCrash() {
        String only = System.getProperty("row");
        if (only != null) {
            List<Operation> row = new ArrayList<>();
            for (String name : only.split(",", -1)) {
                row.add(Operation.valueOf(name.strip()));
            }
            for (CrashBase.Fill fill : CrashBase.Fill.values()) {
                everyFate(sound(CrashBase.of(fill), row));
            }
            return;
        }
        List<Runnable> pairs = rowsOfOneAndTwo();
        pairs.parallelStream().forEach(Runnable::run);
        long states = check.states();
        List<Runnable> triples = rowsOfThree(pairs.size());
        triples.parallelStream().forEach(Runnable::run);
        System.out.printf(
                "crash enumeration: %,d rows, %,d disk states (%,d of rows of up to two), %,d recoveries%n",
                pairs.size() + triples.size(), check.states(), states, check.recoveries());
        assertThat(check.states()).isGreaterThan(10_000);
    }

    private List<Runnable> rowsOfOneAndTwo() {
        List<Runnable> rows = new ArrayList<>();
        for (CrashBase.Fill fill : CrashBase.Fill.values()) {
            CrashBase base = CrashBase.of(fill);
            for (Operation first : Operation.values()) {
                rows.add(() -> everyFate(sound(base, List.of(first))));
                for (Operation second : Operation.values()) {
                    int row = rows.size();
                    rows.add(() -> pair(base, first, second, row));
                }
            }
        }
        return rows;
    }

    private void pair(CrashBase base, Operation first, Operation second, int row) {
        List<CrashCheck.Cut> cuts = sound(base, List.of(first, second));
        if (hasManyMoments(second)) {
            threeFates(cuts, row, MANY_MOMENTS);
        } else if (first == Operation.FILL_UNSYNCED && !WITH_EVERY_FATE.contains(second)) {
            threeFates(cuts, row, 1);
        } else {
            everyFate(cuts);
        }
    }

    private List<Runnable> rowsOfThree(int before) {
        Map<CrashBase.Fill, CrashBase> bases = new EnumMap<>(CrashBase.Fill.class);
        for (CrashBase.Fill fill : CrashBase.Fill.values()) {
            bases.put(fill, CrashBase.of(fill));
        }
        List<Runnable> rows = new ArrayList<>();
        for (Operation first : Operation.values()) {
            for (Operation second : Operation.values()) {
                for (Operation third : Operation.values()) {
                    int row = before + rows.size();
                    CrashBase base = bases.get(row % 2 == 0 ? CrashBase.Fill.NEARLY_FULL : CrashBase.Fill.HALF);
                    if (base != null) {
                        int step = hasManyMoments(third) ? MANY_MOMENTS : 1;
                        rows.add(() -> threeFates(sound(base, List.of(first, second, third)), row, step));
                    }
                }
            }
        }
        return rows;
    }

    private static boolean hasManyMoments(Operation last) {
        return last == Operation.COMPACT || last == Operation.FILL_UNSYNCED;
    }

    private static List<CrashCheck.Cut> sound(CrashBase base, List<Operation> row) {
        return new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).run(row);
    }

    private void everyFate(List<CrashCheck.Cut> cuts) {
        for (CrashCheck.Cut cut : cuts) {
            Fates.of(cut.image()).forEach(fate -> check.check(cut, fate));
        }
    }

    /// Of every `step`-th cut, and of the last.
    private void threeFates(List<CrashCheck.Cut> cuts, int row, int step) {
        Random random = new Random(row);
        for (int index = row % step; !cuts.isEmpty() && index < cuts.size() + step - 1; index += step) {
            CrashCheck.Cut cut = cuts.get(Math.min(index, cuts.size() - 1));
            List<Fates.Named> fates = Fates.of(cut.image());
            check.check(cut, fates.getFirst());
            if (fates.size() > 1) {
                check.check(cut, fates.get(1));
                check.check(cut, fates.get(random.nextInt(fates.size())));
            }
        }
    }

    @Test
    void aNewVolumeIsThereWholeOrNotAtAll() {
        SimulatedDisk disk = SimulatedDisk.empty(SimulatedDisk.Flaw.NONE);
        InMemoryEngine engine = new InMemoryEngine(InMemoryEngine.Image.EMPTY, InMemoryEngine.Flaw.NONE);
        List<CrashCheck.Cut> cuts = new ArrayList<>();
        Model model = Model.of(Map.of());
        disk.whenChanged(() -> cuts.add(new CrashCheck.Cut(
                "new volume cut " + cuts.size(), disk.image(), List.of(engine.flushed()), model.expectation())));
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            Operation.PUT_NEW.run(store, model);
            disk.whenChanged(() -> {});
            cuts.add(new CrashCheck.Cut("new volume", disk.image(), List.of(engine.flushed()), model.expectation()));
        }
        everyFate(cuts);
    }

    @Test
    void aDiskThatDoesNotSyncIsCaught() {
        caught(SimulatedDisk.Flaw.SYNC_DOES_NOTHING, InMemoryEngine.Flaw.NONE, Operation.PUT_NEW);
        caught(SimulatedDisk.Flaw.FOLDER_SYNC_DOES_NOTHING, InMemoryEngine.Flaw.NONE, Operation.OVERWRITE_LARGE);
    }

    @Test
    void anIndexThatDoesNotFlushIsCaught() {
        caught(SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.FLUSHES_NOTHING, Operation.FLUSH);
    }

    private void caught(SimulatedDisk.Flaw diskFlaw, InMemoryEngine.Flaw indexFlaw, Operation operation) {
        CrashBase base = CrashBase.of(CrashBase.Fill.HALF);
        List<CrashCheck.Cut> cuts = new CrashRun(base, diskFlaw, indexFlaw).run(List.of(operation));
        assertThatThrownBy(() -> everyFate(cuts)).isInstanceOf(AssertionError.class);
    }

    @Test
    void aSegmentFreedTooEarlyIsCaught() {
        CrashBase base = CrashBase.of(CrashBase.Fill.HALF);
        SimulatedDisk disk = base.disk().disk(SimulatedDisk.Flaw.NONE);
        InMemoryEngine engine = new InMemoryEngine(base.index(), InMemoryEngine.Flaw.NONE);
        Model model = Model.of(base.world());
        CrashCheck.Cut cut;
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            store.freeOldestSegment();
            cut = new CrashCheck.Cut("early", disk.image(), List.of(engine.flushed()), model.expectation());
        }
        assertThatThrownBy(() -> everyFate(List.of(cut))).isInstanceOf(AssertionError.class);
    }
}
