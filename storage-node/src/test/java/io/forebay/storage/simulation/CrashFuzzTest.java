package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.GROUP;
import static io.forebay.storage.object.SimulatedStore.NONE;
import static io.forebay.storage.object.SimulatedStore.STRICT;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.simulation.Model.Change;
import io.forebay.storage.simulation.Model.Kind;
import io.forebay.storage.simulation.Model.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Long random rows of operations with crash after crash: what each leaves is what the next one begins with.
///
/// A build runs the same rows each time. `-Dseed=` begins with another seed, `-Drows=` says how many rows there are,
/// `-Dseconds=` for how long new ones begin; `scripts/fuzz` sets all three.
final class CrashFuzzTest {
    private static final long SEED = Long.getLong("seed", 100);
    private static final int ROWS = Integer.getInteger("rows", 200);
    private static final long SECONDS = Long.getLong("seconds", 15);
    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<CrashBase> BASES =
            List.of(CrashBase.of(CrashBase.Fill.NEARLY_FULL), CrashBase.of(CrashBase.Fill.HALF));

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedOutlivesCrashAfterCrash() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int crashes = 0;
        int rows = 0;
        while (rows < ROWS && (rows == 0 || System.nanoTime() < deadline)) {
            crashes += new Row(SEED + rows).run();
            rows++;
        }
        System.out.printf("crash fuzz: %,d rows from seed %d, %,d crashes%n", rows, SEED, crashes);
    }

    /// Rows that once lost something.
    @ParameterizedTest
    @ValueSource(
            longs = {
                // The index lost after a compaction: the file of a completed upload went with its parts' records.
                30054880877812L,
                30403767966942L,
                // The index lost after a compaction: one record repeated two removals of a key, which was counted
                // twice.
                23293003227241L
            })
    void rowsThatFailedOnce(long seed) {
        assertThat(new Row(seed).run()).isPositive();
    }

    /// One row of lives, each of which ends in a crash or a clean stop.
    private static final class Row {
        private final long seed;
        private final Random random;
        private final List<String> history = new ArrayList<>();
        private final List<CrashCheck.Cut> cuts = new ArrayList<>();
        private SimulatedDisk disk;
        private InMemoryEngine engine;
        private Model model;
        private int crashes;

        Row(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            CrashBase base = BASES.get(random.nextInt(BASES.size()));
            this.disk = base.disk().disk(SimulatedDisk.Flaw.NONE);
            this.engine = new InMemoryEngine(base.index(), InMemoryEngine.Flaw.NONE);
            this.model = Model.of(base.world());
            model.seed(seed << 16);
        }

        int run() {
            try {
                for (int life = 0; life < 8; life++) {
                    live();
                }
                return crashes;
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "scripts/fuzz 1 " + seed + " repeats this: " + e.getMessage() + " after " + history, e);
            }
        }

        private void live() {
            boolean crash;
            try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
                model.expectation().check(store.world());
                store.checkBooks();
                int steps = random.nextInt(25);
                for (int step = 0; step < steps; step++) {
                    step(store);
                }
                crash = random.nextInt(5) > 0;
                if (crash) {
                    disk.whenChanged(this::cut);
                    engine.whenFlushed(this::cut);
                    step(store);
                    cut();
                    disk.whenChanged(() -> {});
                    engine.whenFlushed(() -> {});
                }
            }
            if (crash) {
                crash(cuts.get(random.nextInt(cuts.size())));
                cuts.clear();
            } else {
                history.add("stop");
                model.settle();
                disk = disk.image().crash(Fates.EVERYTHING.fate()).disk(SimulatedDisk.Flaw.NONE);
                engine = new InMemoryEngine(engine.flushed(), InMemoryEngine.Flaw.NONE);
            }
        }

        private void cut() {
            InMemoryEngine.Image begun = engine.flushing();
            cuts.add(new CrashCheck.Cut(
                    "cut " + cuts.size(),
                    disk.image(),
                    begun == null ? List.of(engine.flushed()) : List.of(engine.flushed(), begun),
                    model.expectation()));
        }

        private void crash(CrashCheck.Cut cut) {
            crashes++;
            List<Fates.Named> listed = Fates.of(cut.image());
            Fates.Named fate = random.nextBoolean() ? Fates.random(random) : listed.get(random.nextInt(listed.size()));
            boolean index = random.nextInt(3) > 0;
            history.add(cut.where() + ", " + fate.name() + (index ? "" : ", index lost"));
            disk = cut.image().crash(fate.fate()).disk(SimulatedDisk.Flaw.NONE);
            InMemoryEngine.Image image =
                    index ? cut.indexes().get(random.nextInt(cut.indexes().size())) : InMemoryEngine.Image.EMPTY;
            engine = new InMemoryEngine(image, InMemoryEngine.Flaw.NONE);
            Map<String, String> world;
            try (SimulatedStore store = SimulatedStore.open(disk, engine)) {
                world = store.world();
                cut.expectation().check(world);
                store.checkBooks();
                if (random.nextBoolean()) {
                    store.round();
                }
            }
            disk = disk.image().crash(Fates.NOTHING.fate()).disk(SimulatedDisk.Flaw.NONE);
            engine = new InMemoryEngine(random.nextBoolean() ? engine.flushed() : image, InMemoryEngine.Flaw.NONE);
            model = Model.of(world);
            model.seed((seed << 16) + 1000L * crashes);
        }

        private void step(SimulatedStore store) {
            int choice = random.nextInt(10);
            if (choice < 3) {
                Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
                history.add(operation.toString());
                operation.run(store, model);
            } else if (choice < 4) {
                newUpload(store);
            } else {
                long bucket = List.of(GROUP, NONE, STRICT).get(random.nextInt(3));
                String name = "n" + random.nextInt(8);
                if (choice < 6) {
                    history.add("remove " + bucket + "/" + name);
                    Operation.remove(store, model, bucket, name);
                } else {
                    int length = random.nextInt(random.nextInt(3) == 0 ? 30_000 : 8000);
                    history.add("put " + bucket + "/" + name + " " + length);
                    Operation.put(store, model, bucket, name, length);
                }
            }
        }

        private void newUpload(SimulatedStore store) {
            if (!model.keys("u/1/m/").isEmpty()) {
                return;
            }
            history.add("new upload");
            model.begin(Kind.PIECEMEAL, List.of(), "1/m/");
            String id = store.createUpload(GROUP, "m");
            model.begin(Kind.ATOMIC, List.of(Change.to("u/1/m/" + id, "upload")), Operation.NOTHING);
            model.acknowledge(Promise.DURABLE);
            for (int number = 1; number <= 1 + random.nextInt(3); number++) {
                byte[] content = model.content(random.nextInt(12_000));
                String key = "p/1/m/" + id + "/" + number;
                model.begin(
                        Kind.ATOMIC,
                        List.of(Change.to(key, SimulatedStore.digest(content, Map.of()))),
                        Operation.NOTHING);
                store.putPart(GROUP, "m", id, number, content);
                model.acknowledge(Promise.DURABLE);
            }
        }
    }
}
