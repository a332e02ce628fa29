package io.forebay.storage.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of an object and of its versions is visible at once or not at all, whenever the power goes; and the
/// bytes of a version, which were the object's, outlive compaction.
final class VersionsCrashTest {
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatWasAcknowledgedOutlivesEveryCrash() {
        CrashRows crashes = new CrashRows();
        crashes.check(rows());
        crashes.checkByChance(5, VersionOperation.PUT_SMALL_VERSION, VersionOperation.values());
        assertThat(crashes.states("versions")).isGreaterThan(500);
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
}
