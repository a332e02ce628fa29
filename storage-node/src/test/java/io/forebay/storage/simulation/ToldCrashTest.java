package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is to be told of a change is there if the change is, and only then, whenever the power goes.
final class ToldCrashTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void noChangeIsThereThatIsNotTold() {
        CrashRows crashes = new CrashRows();
        crashes.check(rows());
        crashes.checkByChance(6, ToldOperation.PUT_SMALL, ToldOperation.values());
        assertThat(crashes.states("told")).isGreaterThan(500);
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
}
