package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.DOOMED;
import static io.forebay.storage.object.SimulatedStore.GROUP;
import static io.forebay.storage.object.SimulatedStore.NONE;
import static io.forebay.storage.object.SimulatedStore.STRICT;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.util.Map;
import java.util.Random;

/// The volume with which rows of operations begin: everything durable, several segments with something dead in
/// each, a spare, an upload under way, and an index that has most of the log.
record CrashBase(DiskImage.Crashed disk, InMemoryEngine.Image index, Map<String, String> world) {
    /// What is in the active segment at the end, so that the next records roll over or do not.
    enum Fill {
        NEARLY_FULL(5),
        HALF(2);

        private final int objects;

        Fill(int objects) {
            this.objects = objects;
        }
    }

    static CrashBase of(Fill fill) {
        SimulatedDisk disk = SimulatedDisk.empty(SimulatedDisk.Flaw.NONE);
        InMemoryEngine engine = new InMemoryEngine(InMemoryEngine.Image.EMPTY, InMemoryEngine.Flaw.NONE);
        try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
            Random random = new Random(1);
            for (int round = 0; round < 3; round++) {
                for (int bucket = 1; bucket <= 4; bucket++) {
                    store.put(bucket, "a", bytes(random, 2000 + 1000 * round));
                    store.put(bucket, "b", bytes(random, 12_000));
                }
                store.put(GROUP, "dead", bytes(random, 7000));
                store.put(STRICT, "d" + round, bytes(random, 6000));
            }
            store.receive(GROUP, "gone", bytes(random, 1000), 1);
            store.receiveRemoval(GROUP, "gone", 2);
            store.receive(DOOMED, "gone", bytes(random, 1000), 1);
            store.receiveRemoval(DOOMED, "gone", 2);
            String upload = store.createUpload(GROUP, "m");
            store.putPart(GROUP, "m", upload, 1, bytes(random, 2500));
            store.putPart(GROUP, "m", upload, 2, bytes(random, 11_000));
            String doomed = store.createUpload(DOOMED, "m");
            store.putPart(DOOMED, "m", doomed, 1, bytes(random, 800));
            store.remove(GROUP, "dead");
            store.requestFlush();
            store.round();
            store.round();
            store.put(STRICT, "late", bytes(random, 100));
            store.remove(STRICT, "d0");
            for (int count = 0; count < fill.objects; count++) {
                store.put(STRICT, "f" + count, bytes(random, 7500));
            }
            store.put(NONE, "c", bytes(random, 300));
            store.round();
            Map<String, String> world = store.world();
            return new CrashBase(disk.image().crash((piece, sector) -> true), engine.flushed(), world);
        }
    }

    /// The same with an index that has all of the log.
    CrashBase settled() {
        SimulatedDisk settled = disk.disk(SimulatedDisk.Flaw.NONE);
        InMemoryEngine engine = new InMemoryEngine(index, InMemoryEngine.Flaw.NONE);
        SimulatedStore.open(settled, engine).close();
        return new CrashBase(settled.image().crash(Fates.EVERYTHING.fate()), engine.flushed(), world);
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
