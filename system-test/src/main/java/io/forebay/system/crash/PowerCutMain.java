package io.forebay.system.crash;

import io.forebay.common.error.StoreException;
import io.forebay.system.server.Scratch;
import io.forebay.system.server.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Entry of `scripts/power-cut`.
public final class PowerCutMain {
    private static final String USAGE = "usage: scripts/power-cut [--cuts N] [--life N] [--volumes N]"
            + " [--durability group,strict,none] [--seed S] [--scratch DIR]";
    private static final List<String> OPTIONS =
            List.of("--cuts", "--life", "--volumes", "--durability", "--seed", "--scratch");

    private PowerCutMain() {}

    /// Exits with 0 only when the power was cut as often as was asked for and nothing was found.
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean passed = false;
        try {
            passed = run(new Words(List.of(arguments), OPTIONS, USAGE), out);
        } catch (StoreException e) {
            out.println("power-cut: " + e.text());
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean run(Words words, PrintStream out) throws IOException {
        Path scratch = Disks.scratch(words.text("--scratch", ""), System.getProperty("java.io.tmpdir"));
        PowerCut.Plan plan = new PowerCut.Plan(
                Path.of(System.getProperty("forebay.layout")),
                scratch,
                (int) words.number("--cuts", 1200),
                (int) words.number("--life", 25),
                CrashSettings.durabilities(words.text("--durability", "group,strict,none")),
                words.number("--seed", System.nanoTime() >>> 20 & 0xffff),
                (int) Math.max(1, words.number("--volumes", 1)));
        PowerCut power;
        try {
            power = new PowerCut(plan);
        } catch (IllegalStateException e) {
            out.println("power-cut: no disk can be mounted here, so nothing was tested: " + e.getMessage());
            Scratch.delete(scratch);
            return false;
        }
        // A run that is broken off leaves no server and no mounted disk.
        Runtime.getRuntime().addShutdownHook(new Thread(power::close, "unmount"));
        boolean passed = false;
        try {
            passed = power.run(out::println);
        } finally {
            out.println(power.summary());
            out.println(passed ? "PASSED" : "FAILED, the disks are in " + scratch);
        }
        if (passed) {
            power.close();
            Scratch.delete(scratch);
        }
        return passed;
    }
}
