package io.forebay.system.crash;

import io.forebay.common.error.Check;
import io.forebay.common.model.Durability;
import io.forebay.system.server.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Kills a real server under load over and over (SIGKILL), also while it starts, and compares it with the history
/// after each start. The page cache survives, so no durability may lose anything.
public final class KillLoop {
    private static final List<Durability> DURABILITIES = List.of(Durability.NONE, Durability.GROUP, Durability.STRICT);
    private static final int CLIENTS = 4;
    private static final int SHORTEST_MILLIS = 40;
    private static final int LONGEST_MILLIS = 500;
    private static final int START_MILLIS = 900;
    private static final int STARTS_KILLED = 8;

    private final Plan plan;
    private final Counts counts = new Counts();
    private final Durations restarts = new Durations();
    private final SplittableRandom random;
    private final Workload workload;
    private int kills;
    private int killsInStart;

    /// What is to be done.
    ///
    /// @param layout the folder of the server's jars
    /// @param scratch a folder for its data
    /// @param volumes given with `--volume`; 0 for the one that a server has without
    public record Plan(Path layout, Path scratch, int kills, long seed, int storageNodes, int volumes) {}

    public KillLoop(Plan plan) {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed);
        this.workload =
                new Workload(new Workload.Plan(DURABILITIES, CLIENTS, 200, plan.seed), new History(counts), counts);
    }

    /// Ends after all kills, or with the first thing found that must not be; the data stays where it is.
    ///
    /// @param progress told a line now and then
    public boolean run(Consumer<String> progress) {
        ServerProcess server = start();
        try {
            workload.createBuckets(server.url());
            while (kills < plan.kills && counts.violations() == 0) {
                round(server);
                server = restarted();
                check(server);
                if (kills % 50 == 0) {
                    progress.accept(kills + " kills, " + counts.violations() + " violations");
                }
            }
        } finally {
            server.kill();
        }
        return counts.violations() == 0;
    }

    /// The summary of the run.
    public String summary() {
        return """
                kill-loop         %,d kills (%,d of them while starting), seed %d, storage nodes %d, volumes %d
                %srestart           median %,d ms, longest %,d ms
                """.formatted(
                                kills,
                                killsInStart,
                                plan.seed,
                                plan.storageNodes,
                                Math.max(1, plan.volumes),
                                counts.text(),
                                restarts.median(),
                                restarts.longest())
                + String.join("\n", counts.findings());
    }

    private void round(ServerProcess server) {
        workload.start(server.url());
        pause(SHORTEST_MILLIS, LONGEST_MILLIS);
        workload.history().mark();
        workload.expectDeath();
        server.kill();
        kills++;
        workload.await();
    }

    /// Starts it again; some starts do not come to their end either.
    private ServerProcess restarted() {
        while (random.nextInt(STARTS_KILLED) == 0 && kills < plan.kills) {
            ServerProcess server = launch();
            pause(0, START_MILLIS);
            server.kill();
            kills++;
            killsInStart++;
        }
        return start();
    }

    private ServerProcess start() {
        long begin = System.nanoTime();
        ServerProcess server = launch();
        server.awaitReady();
        restarts.addSince(begin);
        Check.that(server.isReady(), "the server does not start after kill %s: %s", kills, server.errors());
        return server;
    }

    private ServerProcess launch() {
        List<String> more = new ArrayList<>(List.of("--storage-nodes", Integer.toString(plan.storageNodes)));
        IntStream.range(0, plan.volumes)
                .forEach(volume -> more.addAll(List.of(
                        "--volume", plan.scratch.resolve("volume-" + volume).toString())));
        return CrashSettings.launch(plan.layout, plan.scratch, plan.scratch.resolve("data"), more);
    }

    private void check(ServerProcess server) {
        History.Expected expected = workload.history().expected();
        workload.history().settle(new Verification(server.url(), counts, false).check(expected));
        abortUploads(server, expected);
        String errors = server.errors();
        if (!errors.isEmpty()) {
            counts.find(counts.unclean, "the start after kill " + kills + " says: " + errors);
        }
    }

    /// Uploads that nobody goes on with would fill the disk.
    private static void abortUploads(ServerProcess server, History.Expected expected) {
        try (Calls calls = LoadClient.connect(server.url())) {
            expected.uploads().forEach(upload -> calls.abort(upload.entry(), upload.id()));
        }
    }

    private void pause(int fromMillis, int toMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(fromMillis + random.nextInt(toMillis - fromMillis)));
    }
}
