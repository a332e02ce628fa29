package io.forebay.system.simulation;

import io.forebay.common.error.StoreException;
import io.forebay.system.server.Words;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Entry of `scripts/simulate`.
public final class SimulationMain {
    private static final String USAGE = "usage: scripts/simulate [--seeds N] [--seed S]";
    private static final int MAX_FAILURES = 5;

    private SimulationMain() {}

    /// Exits with 0 only when nothing was found.
    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean passed = false;
        try {
            Words words = new Words(List.of(arguments), List.of("--seeds", "--seed"), USAGE);
            passed = run(words.number("--seed", 1), words.number("--seeds", 10_000), out);
        } catch (StoreException e) {
            out.println("simulate: " + e.text());
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean run(long first, long count, PrintStream out) {
        Totals totals = new Totals();
        int failures = 0;
        for (long seed = first; seed < first + count && failures < MAX_FAILURES; seed++) {
            try {
                totals.add(new Simulation(seed).run());
            } catch (AssertionError e) {
                failures++;
                out.println(e.getMessage());
            }
        }
        out.println(totals.text(first) + (failures == 0 ? "PASSED" : "FAILED"));
        return failures == 0;
    }

    /// What all simulations together came to.
    private static final class Totals {
        private long seeds;
        private long operations;
        private long settled;
        private long moved;
        private long virtualSeconds;
        private int mostNodes;
        private int mostChanges;

        void add(Simulation.Result result) {
            seeds++;
            operations += result.operations();
            settled += result.settled();
            moved += result.moved();
            virtualSeconds += result.virtualSeconds();
            mostNodes = Math.max(mostNodes, result.size().nodes());
            mostChanges = Math.max(mostChanges, result.size().changes());
        }

        String text(long first) {
            return ("%,d simulations from seed %d: %,d operations, owners settled %,d times, %,d values moved by joins in"
                            + " peace, %,d virtual hours; largest: %,d nodes at first, %d changes%n")
                    .formatted(seeds, first, operations, settled, moved, virtualSeconds / 3600, mostNodes, mostChanges);
        }
    }
}
