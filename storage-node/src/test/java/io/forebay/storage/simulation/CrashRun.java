package io.forebay.storage.simulation;

import io.forebay.common.error.Check;
import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.util.ArrayList;
import java.util.List;

/// One row of operations on a fresh copy of a base, and every moment of its last operation at which the power may go.
final class CrashRun {
    private final SimulatedDisk disk;
    private final InMemoryEngine engine;
    private final Model model;
    private final List<CrashCheck.Cut> cuts = new ArrayList<>();
    private String where = "";

    CrashRun(CrashBase base, SimulatedDisk.Flaw diskFlaw, InMemoryEngine.Flaw indexFlaw) {
        this.disk = base.disk().disk(diskFlaw);
        this.engine = new InMemoryEngine(base.index(), indexFlaw);
        this.model = Model.of(base.world());
    }

    /// Runs the row and returns the cuts of its last operation, the last of them after it was acknowledged; none when
    /// one of the operations has nothing to do.
    List<CrashCheck.Cut> run(List<? extends Step> row) {
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            for (int index = 0; index < row.size(); index++) {
                where = row.subList(0, index + 1).toString();
                boolean last = index == row.size() - 1;
                if (last) {
                    disk.whenChanged(this::cut);
                    engine.whenFlushed(this::cut);
                }
                boolean done = row.get(index).run(store, model);
                if (!done) {
                    return List.of();
                }
            }
            cut();
            disk.whenChanged(() -> {});
            engine.whenFlushed(() -> {});
        }
        return cuts;
    }

    /// Runs the row, then stops the store, and returns the cuts of the stop, the last of them after it.
    List<CrashCheck.Cut> stop(List<? extends Step> row) {
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            for (Step step : row) {
                Check.that(step.run(store, model), "a step has nothing to do");
            }
            where = "stop after " + row;
            disk.whenChanged(this::cut);
            engine.whenFlushed(this::cut);
        }
        cut();
        return cuts;
    }

    private void cut() {
        InMemoryEngine.Image begun = engine.flushing();
        cuts.add(new CrashCheck.Cut(
                where + " cut " + cuts.size(),
                disk.image(),
                begun == null ? List.of(engine.flushed()) : List.of(engine.flushed(), begun),
                model.expectation()));
    }
}
