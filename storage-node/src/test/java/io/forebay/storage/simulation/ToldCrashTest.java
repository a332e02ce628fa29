package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.storage.metadata.InMemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is to be told of a change is there if the change is, and only then, whenever the power goes.
final class ToldCrashTest {
    private static final int ROWS = 60;

    private final CrashCheck check = new CrashCheck();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void noChangeIsThereThatIsNotTold() {
        CrashBase base = CrashBase.of(CrashBase.Fill.HALF);
        for (List<Step> row : rows()) {
            for (CrashCheck.Cut cut : cuts(base, row)) {
                Fates.of(cut.image()).forEach(fate -> check.check(cut, fate));
            }
        }
        Random random = new Random(6);
        for (int number = 0; number < ROWS; number++) {
            for (CrashCheck.Cut cut : cuts(base, row(random))) {
                List<Fates.Named> fates = Fates.of(cut.image());
                check.check(cut, fates.get(random.nextInt(fates.size())));
            }
        }
        System.out.printf("told: %,d disk states, %,d recoveries%n", check.states(), check.recoveries());
        assertThat(check.states()).isGreaterThan(500);
    }

    private static List<CrashCheck.Cut> cuts(CrashBase base, List<Step> row) {
        return new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).run(row);
    }

    /// Each operation after each other one, and before what moves what is to be told.
    private static List<List<Step>> rows() {
        List<List<Step>> rows = new ArrayList<>();
        for (ToldOperation operation : ToldOperation.values()) {
            for (ToldOperation first : ToldOperation.values()) {
                rows.add(List.of(ToldOperation.PUT_SMALL, first, operation));
            }
            for (Step last : List.of(Operation.FLUSH, Operation.COMPACT, Operation.UPKEEP)) {
                rows.add(List.of(ToldOperation.PUT_LARGE, operation, last));
            }
            rows.add(List.of(ToldOperation.PUT_SMALL, Operation.COMPACT, operation));
        }
        return rows;
    }

    private static List<Step> row(Random random) {
        List<Step> row = new ArrayList<>();
        ToldOperation[] operations = ToldOperation.values();
        row.add(ToldOperation.PUT_SMALL);
        for (int step = 0; step < 12; step++) {
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
