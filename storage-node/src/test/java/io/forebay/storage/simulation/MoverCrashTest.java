package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Objects that move between two volumes, and the power going for both at every moment of it.
///
/// Every operation is done before, after and between moves: on objects that are where they belong, are not, and are
/// there twice. Moves with nothing else get every fate that `Fates` lists; other moments get nothing kept, everything
/// kept, and one of the list by the row's number, of moves every third moment. Each is recovered with the indexes as of
/// their last flush, and without one or both. `-Drow=DRAIN_FIRST,OVERWRITE_LARGE,MOVE` checks one row with all its
/// fates.
final class MoverCrashTest {
    private static final int MANY_MOMENTS = 3;
    private static final int FURTHER = 3;

    private static final Step MOVE = named("MOVE", (store, model) -> {
        store.settle();
        return true;
    });
    private static final Step DRAIN_FIRST = named("DRAIN_FIRST", (store, model) -> {
        store.drain(0);
        return true;
    });
    private static final Step DRAIN_SECOND = named("DRAIN_SECOND", (store, model) -> {
        store.drain(1);
        return true;
    });

    private final Set<Long> seen = new HashSet<>();
    private long states;
    private long recoveries;

    private static Step named(String name, Step step) {
        return new Step() {
            @Override
            public boolean run(SimulatedStore store, Model model) {
                return step.run(store, model);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }

    private static Step step(String name) {
        for (Step step : List.of(MOVE, DRAIN_FIRST, DRAIN_SECOND)) {
            if (step.toString().equals(name)) {
                return step;
            }
        }
        return Operation.valueOf(name);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedOutlivesEveryCrashOfAMove() {
        TwoVolumes base = TwoVolumes.begin();
        String only = System.getProperty("row");
        if (only != null) {
            List<Step> row = new ArrayList<>();
            for (String name : only.split(",", -1)) {
                row.add(step(name.strip()));
            }
            everyFate(base, row);
            return;
        }
        everyFate(base, List.of(MOVE));
        everyFate(base, List.of(DRAIN_FIRST, MOVE));
        everyFate(base, List.of(MOVE, DRAIN_SECOND, MOVE));
        int rows = 3;
        for (Operation operation : Operation.values()) {
            for (List<Step> row : List.<List<Step>>of(
                    List.of(operation),
                    List.of(operation, MOVE),
                    List.of(MOVE, operation),
                    List.of(DRAIN_FIRST, operation),
                    List.of(DRAIN_FIRST, operation, MOVE),
                    List.of(MOVE, DRAIN_SECOND, operation),
                    List.of(MOVE, DRAIN_SECOND, operation, MOVE))) {
                boolean manyMoments =
                        row.getLast().equals(MOVE) || row.getLast().equals(Operation.COMPACT);
                threeFates(base, row, rows++, manyMoments ? MANY_MOMENTS : 1);
            }
        }
        System.out.printf("mover: %,d rows, %,d disk states, %,d recoveries%n", rows, states, recoveries);
        assertThat(states).isGreaterThan(1000);
    }

    @Test
    void theBaseHasSomethingToMove() {
        TwoVolumes base = TwoVolumes.begin();
        try (SimulatedStore store = new TwoVolumes.Run(base.disk(), base.indexes()).open()) {
            assertThat(store.objectCounts().get(1)).isZero();
            store.settle();
            assertThat(store.objectCounts()).allMatch(count -> count >= 3);
            assertThat(store.world()).isEqualTo(base.world());
        }
    }

    private static List<TwoVolumes.Cut> cuts(TwoVolumes base, List<? extends Step> row) {
        return new TwoVolumes.Run(base.disk(), base.indexes()).cuts(base.world(), row);
    }

    private void everyFate(TwoVolumes base, List<? extends Step> row) {
        for (TwoVolumes.Cut cut : cuts(base, row)) {
            Fates.of(cut.image()).forEach(fate -> check(cut, fate));
        }
    }

    /// Of every `step`-th cut, and of the last.
    private void threeFates(TwoVolumes base, List<? extends Step> row, int number, int step) {
        Random random = new Random(number);
        List<TwoVolumes.Cut> cuts = cuts(base, row);
        for (int index = number % step; !cuts.isEmpty() && index < cuts.size() + step - 1; index += step) {
            TwoVolumes.Cut cut = cuts.get(Math.min(index, cuts.size() - 1));
            List<Fates.Named> fates = Fates.of(cut.image());
            check(cut, fates.getFirst());
            if (fates.size() > 1) {
                check(cut, fates.get(1));
                check(cut, fates.get(random.nextInt(fates.size())));
            }
        }
    }

    private void check(TwoVolumes.Cut cut, Fates.Named fate) {
        DiskImage.Crashed crashed = cut.image().crash(fate.fate());
        long hash = crashed.hash() * 31 + cut.expectation().hash();
        if (!seen.add(hash)) {
            return;
        }
        states++;
        InMemoryEngine.Image none = InMemoryEngine.Image.EMPTY;
        InMemoryEngine.Image first = cut.indexes().get(0).getLast();
        InMemoryEngine.Image second = cut.indexes().get(1).getLast();
        recover(
                cut,
                fate,
                crashed,
                List.of(cut.indexes().get(0).getFirst(), cut.indexes().get(1).getFirst()));
        recover(cut, fate, crashed, states % 2 == 0 ? List.of(none, second) : List.of(first, none));
        if (states % FURTHER == 0) {
            recover(cut, fate, crashed, List.of(none, none));
        }
    }

    private void recover(
            TwoVolumes.Cut cut, Fates.Named fate, DiskImage.Crashed crashed, List<InMemoryEngine.Image> indexes) {
        recoveries++;
        try {
            TwoVolumes.Run run = new TwoVolumes.Run(crashed, indexes);
            Map<String, String> world;
            try (SimulatedStore store = run.open()) {
                world = store.world();
                cut.expectation().check(world);
                store.checkBooks();
                if (recoveries % FURTHER != 0) {
                    return;
                }
                goOn(store, world);
            }
            try (SimulatedStore store = run.crashed().open()) {
                same("after a second crash", world, store.world());
                removeAll(store, world);
            }
        } catch (RuntimeException | AssertionError e) {
            List<String> lost = new ArrayList<>();
            for (int number = 0; number < indexes.size(); number++) {
                if (indexes.get(number) == InMemoryEngine.Image.EMPTY) {
                    lost.add("index " + (number + 1) + " lost");
                }
            }
            throw new AssertionError(cut.where() + ", " + fate.name() + ", " + lost + ": " + e.getMessage(), e);
        }
    }

    /// Lets the mover end what it was at: nothing changes, and nothing is there twice.
    private static void goOn(SimulatedStore store, Map<String, String> world) {
        store.settle();
        same("after moving", world, store.world());
        store.checkBooks();
        long objects =
                world.keySet().stream().filter(key -> key.startsWith("o/")).count();
        assertThat(store.objectCounts().stream().mapToLong(Long::longValue).sum())
                .as("objects on both volumes")
                .isEqualTo(objects);
    }

    /// What is removed now stays so, wherever copies of it were.
    private static void removeAll(SimulatedStore store, Map<String, String> world) {
        for (String key : world.keySet()) {
            String[] names = key.split("/", 3);
            if (names[0].equals("o")) {
                store.remove(Long.parseLong(names[1]), names[2]);
            }
        }
        store.settle();
        assertThat(store.objectCounts()).as("objects after all were removed").containsOnly(0L);
    }

    private static void same(String when, Map<String, String> expected, Map<String, String> found) {
        if (!expected.equals(found)) {
            throw new AssertionError("the world changed " + when + ": " + expected + " became " + found);
        }
    }
}
