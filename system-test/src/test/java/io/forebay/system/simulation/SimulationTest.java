package io.forebay.system.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Simulations of small clusters with fixed seeds; `scripts/simulate` does thousands of all sizes.
final class SimulationTest {
    private static final int SEEDS = 100;

    @Test
    void clustersComeToRestWithNothingLostAndNothingServedTwice() {
        int settled = 0;
        int moved = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            int nodes = 1 + (int) (seed % 8);
            int copies = 1 + (int) (seed % 3);
            Simulation.Size size = new Simulation.Size(nodes, nodes + 3, 20, copies, 12);
            Simulation.Result result = new Simulation(seed, size).run();
            settled += result.settled();
            moved += result.moved();
        }
        assertThat(settled).isGreaterThan(SEEDS);
        assertThat(moved).isGreaterThan(SEEDS);
    }

    @Test
    void oneMoreOfManyNodesGetsItsShareAndNoMore() {
        Simulation.Result result = new Simulation(7, new Simulation.Size(20, 24, 400, 2, 0)).run();
        // 400 objects on 2 of 21 nodes each: 38 on average for each node.
        assertThat(result.moved()).isBetween(15, 70);
    }

    /// Fewer copies, and before that epoch served, another without the primary: one that had been a holder took its old
    /// copy for the newest.
    @Test
    void holdersOfMoreCopiesKnowEveryChangeOfTheirEpoch() {
        assertThat(new Simulation(7556).run().operations()).isPositive();
    }
}
