package io.forebay.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.process.Mutant;
import io.forebay.system.process.ProxyNetwork;
import io.forebay.system.scenario.HistoryRuns;
import io.forebay.system.scenario.Scenario;
import io.forebay.system.scenario.Tempo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The test of `HistoryIT`: builds that are broken on purpose, by classes before the layout's on the class path,
/// have to be found out by the same runs.
@Timeout(400)
final class BrokenBuildIT {
    private static final Path LAYOUT = Path.of("..", "app", "target", "forebay", "lib");
    private static final long SEED = Long.getLong("seed", 1);
    private static final int ROUNDS = 4;
    private static final int RUNS = 10;

    @TempDir
    private Path scratch;

    /// A node that is cut off goes on answering for keys that others own by then.
    @Test
    void nodeThatServesWithoutLeaseIsFoundOut() {
        Mutant.disarm(LAYOUT, "io.forebay.cluster.watch.Lease", "isLive", mutant());
        Tempo lasting = Tempo.ROUNDS.holding(Duration.ofSeconds(2), Duration.ofSeconds(3));
        assertFoundOut(Scenario.PARTITION, 3, 2, lasting);
    }

    /// The leader takes an epoch for settled as soon as it serves: nodes remove what the new owners have yet to
    /// fetch from them.
    @Test
    void removalOfTheSourceBeforeTheCopyIsFoundOut() {
        Mutant.disarm(LAYOUT, "io.forebay.gateway.control.Supervision", "isMoved", mutant());
        assertFoundOut(Scenario.JOIN, 1, 1, Tempo.ROUNDS);
    }

    private void assertFoundOut(Scenario scenario, int gateways, int copies, Tempo tempo) {
        HistoryRuns.Plan plan = new HistoryRuns.Plan(LAYOUT, scratch, gateways, 3, tempo, List.of(mutant()));
        StringBuilder told = new StringBuilder();
        try (HistoryRuns runs = new HistoryRuns(
                plan, ProxyNetwork::new, line -> told.append(line).append('\n'))) {
            boolean right = true;
            for (int run = 0; right && run < RUNS; run++) {
                right = runs.run(new HistoryRuns.Run(scenario, SEED + (long) run * ROUNDS, ROUNDS, copies));
            }
            System.out.println("broken build, " + scenario.wireName() + ": " + runs.summary());
            assertThat(runs.failures()).as(told.toString()).contains("no order of operations explains");
        }
    }

    private Path mutant() {
        return scratch.resolve("mutant");
    }
}
