package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.storage.metadata.InMemoryEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of an object and of its versions is visible at once or not at all, whenever the power goes; and the
/// bytes of a version, which were the object's, outlive compaction.
final class VersionsCrashTest {
    private static final int ROWS = 60;

    private final CrashCheck check = new CrashCheck();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedOutlivesEveryCrash() {
        CrashBase base = CrashBase.of(CrashBase.Fill.HALF);
        for (List<Step> row : rows()) {
            for (CrashCheck.Cut cut : cuts(base, row)) {
                Fates.of(cut.image()).forEach(fate -> check.check(cut, fate));
            }
        }
        Random random = new Random(5);
        for (int number = 0; number < ROWS; number++) {
            for (CrashCheck.Cut cut : cuts(base, row(random))) {
                List<Fates.Named> fates = Fates.of(cut.image());
                check.check(cut, fates.get(random.nextInt(fates.size())));
            }
        }
        System.out.printf("versions: %,d disk states, %,d recoveries%n", check.states(), check.recoveries());
        assertThat(check.states()).isGreaterThan(500);
    }

    private static List<CrashCheck.Cut> cuts(CrashBase base, List<Step> row) {
        return new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).run(row);
    }

    /// Each operation on an object with versions of all kinds, alone and before what moves its bytes.
    private static List<List<Step>> rows() {
        List<Step> before = List.of(
                VersionOperation.PUT_SMALL_VERSION,
                VersionOperation.PUT_LARGE_VERSION,
                VersionOperation.MARK,
                VersionOperation.PUT_SMALL_VERSION);
        List<List<Step>> rows = new ArrayList<>();
        for (VersionOperation operation : VersionOperation.values()) {
            for (VersionOperation first : VersionOperation.values()) {
                rows.add(row(before, first, operation));
            }
            for (Step last : List.of(Operation.FLUSH, Operation.COMPACT, Operation.UPKEEP)) {
                rows.add(row(before, operation, last));
            }
            rows.add(row(before, Operation.COMPACT, operation));
        }
        return rows;
    }

    private static List<Step> row(List<Step> before, Step... steps) {
        List<Step> row = new ArrayList<>(before);
        row.addAll(List.of(steps));
        return row;
    }

    private static List<Step> row(Random random) {
        List<Step> row = new ArrayList<>();
        VersionOperation[] operations = VersionOperation.values();
        row.add(VersionOperation.PUT_SMALL_VERSION);
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
