package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.DOOMED;
import static io.forebay.storage.object.SimulatedStore.GROUP;
import static io.forebay.storage.object.SimulatedStore.NONE;
import static io.forebay.storage.object.SimulatedStore.STRICT;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A node of two volumes at a moment: one disk with a folder each, and an index each. It begins with all
/// objects on the first, of which about half belong on the second.
///
/// @param indexes as of their last flush
record TwoVolumes(DiskImage.Crashed disk, List<InMemoryEngine.Image> indexes, Map<String, String> world) {
    private static final List<String> FOLDERS = List.of("one", "two");
    private static final List<String> IDS =
            List.of("3c0de5f2-52d9-4f62-9f0e-0d6f5a1c7b11", "a41b7c90-8e1f-4d0a-b6c3-71e2d95f4e22");

    static TwoVolumes begin() {
        Map<String, Content> files = new HashMap<>();
        for (int number = 0; number < 2; number++) {
            byte[] identity = ("format=4\nvolume=" + IDS.get(number) + "\ncluster=cluster-1\nnode=node1\n")
                    .getBytes(StandardCharsets.UTF_8);
            files.put(FOLDERS.get(number) + "/volume.properties", Content.EMPTY.with(0, identity, 0, identity.length));
        }
        SimulatedDisk disk = new SimulatedDisk(files, Set.copyOf(FOLDERS), SimulatedDisk.Flaw.NONE, Long.MAX_VALUE);
        InMemoryEngine engine = new InMemoryEngine(InMemoryEngine.Image.EMPTY, InMemoryEngine.Flaw.NONE);
        try (SimulatedStore store = SimulatedStore.open(new FolderDisk(disk, FOLDERS.getFirst()), engine)) {
            fill(store);
            List<InMemoryEngine.Image> indexes = List.of(engine.flushed(), InMemoryEngine.Image.EMPTY);
            return new TwoVolumes(disk.image().crash(Fates.EVERYTHING.fate()), indexes, store.world());
        }
    }

    private static void fill(SimulatedStore store) {
        Random random = new Random(2);
        for (int round = 0; round < 2; round++) {
            for (long bucket : List.of(GROUP, NONE, STRICT, DOOMED)) {
                store.put(bucket, "a", bytes(random, 2000 + 1000 * round));
                store.put(bucket, "b", bytes(random, 12_000));
            }
        }
        store.extend(GROUP, "b", bytes(random, 3000));
        store.put(GROUP, "empty", new byte[0]);
        store.requestFlush();
        store.round();
        store.round();
        store.put(NONE, "c", bytes(random, 300));
        store.put(GROUP, "c", bytes(random, 200));
        store.remove(GROUP, "c");
        String upload = store.createUpload(GROUP, "m");
        store.putPart(GROUP, "m", upload, 1, bytes(random, 2500));
        store.putPart(GROUP, "m", upload, 2, bytes(random, 11_000));
        store.round();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// A moment of a run at which the power may go.
    ///
    /// @param indexes for each volume what it may have of its index
    record Cut(
            String where, DiskImage image, List<List<InMemoryEngine.Image>> indexes, Model.Expectation expectation) {}

    /// What runs on such a disk.
    static final class Run {
        private final SimulatedDisk disk;
        private final List<InMemoryEngine> engines = new ArrayList<>();

        Run(DiskImage.Crashed from, List<InMemoryEngine.Image> indexes) {
            this.disk = from.disk(SimulatedDisk.Flaw.NONE);
            indexes.forEach(index -> engines.add(new InMemoryEngine(index, InMemoryEngine.Flaw.NONE)));
        }

        SimulatedStore open() {
            return SimulatedStore.open(
                    FOLDERS.stream().map(folder -> new FolderDisk(disk, folder)).toList(), engines);
        }

        /// Runs the row and returns the cuts of its last step, the last of them after it was acknowledged;
        /// none when a step has nothing to do.
        List<Cut> cuts(Map<String, String> world, List<? extends Step> row) {
            Model model = Model.ofSeveral(world);
            List<Cut> cuts = new ArrayList<>();
            Runnable cut = () -> cuts.add(cut(row + " cut " + cuts.size(), model));
            try (SimulatedStore store = open()) {
                for (int index = 0; index < row.size(); index++) {
                    if (index == row.size() - 1) {
                        disk.whenChanged(cut);
                        engines.forEach(engine -> engine.whenFlushed(cut));
                    }
                    if (!row.get(index).run(store, model)) {
                        return List.of();
                    }
                }
                cut.run();
                disk.whenChanged(() -> {});
                engines.forEach(engine -> engine.whenFlushed(() -> {}));
            }
            return cuts;
        }

        private Cut cut(String where, Model model) {
            List<List<InMemoryEngine.Image>> indexes = new ArrayList<>();
            for (InMemoryEngine engine : engines) {
                InMemoryEngine.Image begun = engine.flushing();
                indexes.add(begun == null ? List.of(engine.flushed()) : List.of(engine.flushed(), begun));
            }
            return new Cut(where, disk.image(), indexes, model.expectation());
        }

        /// What a crash now leaves if nothing is kept that was not synced.
        Run crashed() {
            return new Run(
                    disk.image().crash(Fates.NOTHING.fate()),
                    engines.stream().map(InMemoryEngine::flushed).toList());
        }
    }
}
