package io.forebay.system.scenario;

import io.forebay.common.error.StoreException;
import io.forebay.system.process.Mutant;
import io.forebay.system.process.NamespaceNetwork;
import io.forebay.system.process.ProxyNetwork;
import io.forebay.system.server.Scratch;
import io.forebay.system.server.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Entry of `scripts/history`.
public final class HistoryMain {
    private static final String USAGE =
            "usage: scripts/history [--scenario NAME[,NAME…]|all|kill|leader-loss] [--runs N] [--rounds N] [--seed S] [--copies N]"
                    + " [--gateways N] [--storage-nodes N] [--network proxy|namespace] [--scratch DIR]"
                    + " [--disarm CLASS.METHOD[,…]] [--build JARS] [--next JARS]";
    private static final List<String> OPTIONS = List.of(
            "--scenario",
            "--runs",
            "--rounds",
            "--seed",
            "--copies",
            "--gateways",
            "--storage-nodes",
            "--network",
            "--scratch",
            "--disarm",
            "--build",
            "--next");

    private HistoryMain() {}

    /// Exits with 0 only when nothing was found.
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean passed = false;
        try {
            passed = run(new Words(List.of(arguments), OPTIONS, USAGE), out);
        } catch (StoreException e) {
            out.println("history: " + e.text());
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean run(Words words, PrintStream out) throws IOException {
        String scenario = words.text("--scenario", "all");
        boolean kills = scenario.equals("kill");
        int copies = (int) words.number("--copies", 1);
        int rounds = (int) words.number("--rounds", 1);
        List<Scenario> scenarios = scenarios(scenario, copies);
        Path scratch = Files.createTempDirectory(
                Path.of(words.text("--scratch", System.getProperty("java.io.tmpdir"))), "history");
        Path layout = Path.of(words.text("--build", System.getProperty("forebay.layout")));
        HistoryRuns.Plan plan = new HistoryRuns.Plan(
                layout,
                scratch,
                (int) words.number("--gateways", 3),
                (int) words.number("--storage-nodes", 4),
                rounds > 1 ? Tempo.ROUNDS : kills ? Tempo.KILLS : Tempo.NORMAL,
                disarmed(words.text("--disarm", ""), layout, scratch.resolve("mutant")),
                words.text("--next", "").isEmpty() ? null : Path.of(words.text("--next", "")));
        boolean spaces = words.text("--network", "proxy").equals("namespace");
        boolean passed = false;
        try (HistoryRuns runs = new HistoryRuns(
                plan, folder -> spaces ? new NamespaceNetwork(folder) : new ProxyNetwork(folder), out::println)) {
            if (scenario.equals("leader-loss")) {
                passed = new LeaderLoss(runs.cluster(), out::println).run((int) words.number("--runs", 20));
            } else {
                long first = words.number("--seed", System.nanoTime() >>> 10 & 0xfffffff);
                long count = words.number("--runs", kills ? 300 : 10);
                for (long seed = first; seed < first + count * rounds; seed += rounds) {
                    for (Scenario one : scenarios) {
                        runs.run(new HistoryRuns.Run(one, seed, rounds, copies));
                    }
                }
                out.println(runs.summary());
                passed = runs.failures().isEmpty();
            }
        } finally {
            out.println(passed ? "PASSED" : "FAILED, the data is in " + scratch);
        }
        if (passed) {
            Scratch.delete(scratch);
        }
        return passed;
    }

    /// What comes before the layout on the class path: nothing, or classes with methods that do nothing.
    private static List<Path> disarmed(String methods, Path layout, Path folder) {
        if (methods.isEmpty()) {
            return List.of();
        }
        for (String method : methods.split(",", -1)) {
            int dot = method.lastIndexOf('.');
            Mutant.disarm(layout, method.substring(0, dot), method.substring(dot + 1), folder);
        }
        return List.of(folder);
    }

    private static List<Scenario> scenarios(String words, int copies) {
        return switch (words) {
            case "all" ->
                List.of(Scenario.values()).stream()
                        .filter(scenario -> copies > 1 || !scenario.needsCopies())
                        .filter(scenario -> !scenario.needsAnotherBuild())
                        .toList();
            case "kill" -> List.of(Scenario.CRASH);
            case "leader-loss" -> List.of();
            default ->
                List.of(words.split(",", -1)).stream().map(Scenario::parse).toList();
        };
    }
}
