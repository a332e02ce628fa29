package io.forebay.system.crash;

import io.forebay.common.error.StoreException;
import io.forebay.system.server.Scratch;
import io.forebay.system.server.Words;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Entry of `scripts/kill-loop`.
public final class KillLoopMain {
    private static final String USAGE =
            "usage: scripts/kill-loop [--kills N] [--seed S] [--storage-nodes N] [--volumes N] [--scratch DIR]";
    private static final List<String> OPTIONS =
            List.of("--kills", "--seed", "--storage-nodes", "--volumes", "--scratch");

    private KillLoopMain() {}

    /// Exits with 0 only when nothing was found.
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean passed = false;
        try {
            passed = run(new Words(List.of(arguments), OPTIONS, USAGE), out);
        } catch (StoreException e) {
            out.println("kill-loop: " + e.text());
        }
        System.exit(passed ? 0 : 1);
    }

    private static boolean run(Words words, PrintStream out) throws IOException {
        Path scratch = Files.createTempDirectory(
                Path.of(words.text("--scratch", System.getProperty("java.io.tmpdir"))), "kill-loop");
        KillLoop loop = new KillLoop(new KillLoop.Plan(
                Path.of(System.getProperty("forebay.layout")),
                scratch,
                (int) words.number("--kills", 1000),
                words.number("--seed", System.nanoTime() >>> 20 & 0xffff),
                (int) words.number("--storage-nodes", 1),
                (int) words.number("--volumes", 0)));
        boolean passed = false;
        try {
            passed = loop.run(out::println);
        } finally {
            out.println(loop.summary());
            out.println(passed ? "PASSED" : "FAILED, the data is in " + scratch);
        }
        if (passed) {
            Scratch.delete(scratch);
        }
        return passed;
    }
}
