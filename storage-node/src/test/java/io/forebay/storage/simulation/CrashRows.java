package io.forebay.storage.simulation;

import io.forebay.storage.metadata.InMemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Rows of operations on a volume that is half full, and every moment of the last one at which the power may go.
final class CrashRows {
    private static final int ROWS = 60;
    private static final int ROW_STEPS = 12;

    private final CrashCheck check = new CrashCheck();
    private final CrashBase base = CrashBase.of(CrashBase.Fill.HALF);

    /// Checks the rows with every fate.
    void check(List<List<Step>> rows) {
        for (List<Step> row : rows) {
            for (CrashCheck.Cut cut : cuts(row)) {
                Fates.of(cut.image()).forEach(fate -> check.check(cut, fate));
            }
        }
    }

    /// Checks rows made by chance, each cut with one fate.
    ///
    /// @param first what every row begins with
    void checkByChance(long seed, Step first, Step[] operations) {
        Random random = new Random(seed);
        for (int number = 0; number < ROWS; number++) {
            for (CrashCheck.Cut cut : cuts(row(random, first, operations))) {
                List<Fates.Named> fates = Fates.of(cut.image());
                check.check(cut, fates.get(random.nextInt(fates.size())));
            }
        }
    }

    /// How many disk states were checked; says so.
    long states(String what) {
        System.out.printf("%s: %,d disk states, %,d recoveries%n", what, check.states(), check.recoveries());
        return check.states();
    }

    private List<CrashCheck.Cut> cuts(List<Step> row) {
        return new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).run(row);
    }

    private static List<Step> row(Random random, Step first, Step[] operations) {
        List<Step> row = new ArrayList<>();
        row.add(first);
        for (int step = 0; step < ROW_STEPS; step++) {
            row.add(
                    switch (random.nextInt(6)) {
                        case 0 -> Operation.FILL_UNSYNCED;
                        case 1 -> Operation.COMPACT;
                        default -> operations[random.nextInt(operations.length)];
                    });
        }
        return row;
    }
}
