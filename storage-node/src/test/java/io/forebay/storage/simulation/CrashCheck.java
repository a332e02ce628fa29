package io.forebay.storage.simulation;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// Recovers a volume from what a crash left, with the index as of its last flush and without one, and compares what is
/// then visible with what may be. States that were seen already are passed over. Any number of threads may check.
final class CrashCheck {
    /// Of how many states one's recovered store is used further.
    private static final int FURTHER = 4;

    private final Set<Long> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong states = new AtomicLong();
    private final AtomicLong recoveries = new AtomicLong();

    /// A moment of a run at which the power may go.
    record Cut(String where, DiskImage image, List<InMemoryEngine.Image> indexes, Model.Expectation expectation) {}

    long states() {
        return states.get();
    }

    long recoveries() {
        return recoveries.get();
    }

    /// Checks one fate of a cut.
    void check(Cut cut, Fates.Named fate) {
        DiskImage.Crashed crashed = cut.image.crash(fate.fate());
        long hash = crashed.hash() * 31 + cut.expectation.hash();
        if (seen.add(hash)) {
            states.incrementAndGet();
        }
        List<InMemoryEngine.Image> indexes = new ArrayList<>(cut.indexes);
        indexes.add(InMemoryEngine.Image.EMPTY);
        for (InMemoryEngine.Image index : indexes) {
            long state = Page.mix(hash + index.hash());
            if (seen.add(state)) {
                String how = index == InMemoryEngine.Image.EMPTY ? "without an index" : "with its index";
                recoveries.incrementAndGet();
                try {
                    recover(crashed, index, cut.expectation, state % FURTHER == 0);
                } catch (RuntimeException | AssertionError e) {
                    throw new AssertionError(
                            cut.where + ", " + fate.name() + ", recovered " + how + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private static void recover(
            DiskImage.Crashed crashed, InMemoryEngine.Image index, Model.Expectation expectation, boolean further) {
        SimulatedDisk disk = crashed.disk(SimulatedDisk.Flaw.NONE);
        InMemoryEngine engine = new InMemoryEngine(index, InMemoryEngine.Flaw.NONE);
        Map<String, String> world;
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            world = store.world();
            expectation.check(world);
            store.checkBooks();
            if (!further) {
                return;
            }
            useFurther(store, world);
        }
        DiskImage.Crashed again = disk.image().crash(Fates.NOTHING.fate());
        InMemoryEngine later = new InMemoryEngine(engine.flushed(), InMemoryEngine.Flaw.NONE);
        try (SimulatedStore store = SimulatedStore.open(again.disk(SimulatedDisk.Flaw.NONE), later)) {
            same("after a second crash", world, store.world());
        }
    }

    /// Lets the background work of a recovered store go on, and writes to it.
    private static void useFurther(SimulatedStore store, Map<String, String> world) {
        store.round();
        store.requestFlush();
        store.round();
        store.round();
        same("after upkeep", world, store.world());
        store.checkBooks();
        byte[] content = {1, 2, 3};
        store.put(SimulatedStore.GROUP, "after", content);
        world.put("o/1/after", SimulatedStore.digest(content, Map.of()));
        same("after a write", world, store.world());
    }

    private static void same(String when, Map<String, String> expected, Map<String, String> found) {
        if (!expected.equals(found)) {
            throw new AssertionError("the world changed " + when + ": " + expected + " became " + found);
        }
    }
}
