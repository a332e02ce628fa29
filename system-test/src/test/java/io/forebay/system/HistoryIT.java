package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.process.ProxyNetwork;
import io.forebay.system.scenario.HistoryRuns;
import io.forebay.system.scenario.Scenario;
import io.forebay.system.scenario.Tempo;
import io.forebay.system.server.ClassCache;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rounds of every scenario on one cluster of real processes: half of them with one copy of each object, half
/// with two. A failed one can be done again with `scripts/history --scenario NAME --seed S --rounds N --copies C`,
/// whose numbers are printed.
@Timeout(300)
final class HistoryIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final long SEED = Long.getLong("seed", 1);
    private static final int ROUNDS = Integer.getInteger("rounds", 6);

    @TempDir
    private static Path scratch;

    private static HistoryRuns runs;

    @BeforeAll
    static void begin() {
        ClassCache.train(LAYOUT, scratch);
        runs = new HistoryRuns(
                new HistoryRuns.Plan(LAYOUT, scratch, 3, 3, Tempo.ROUNDS, List.of()),
                ProxyNetwork::new,
                System.out::println);
    }

    @AfterAll
    static void end() {
        runs.close();
        System.out.println("histories: " + runs.summary());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UPGRADE")
    void clientsSeeWhatCanHaveBeen(Scenario scenario) {
        int single = scenario.needsCopies() ? 0 : ROUNDS / 2;
        assertRight(new HistoryRuns.Run(scenario, SEED, single, 1));
        assertRight(new HistoryRuns.Run(scenario, SEED + single, ROUNDS - single, 2));
    }

    private static void assertRight(HistoryRuns.Run run) {
        assertThat(run.rounds() == 0 || runs.run(run)).as(runs.failures()).isTrue();
    }
}
