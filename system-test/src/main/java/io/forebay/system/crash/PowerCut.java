package io.forebay.system.crash;

import io.forebay.common.error.Check;
import io.forebay.common.model.Durability;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts the power of a real server under load, over and over: its disk is copied at a random moment, with what the
/// kernel has given to it by then and nothing else, and a server on the copy is compared with the history.
///
/// What was acknowledged before the moment has to be on the copy. With durability `none` some of it is not, and a run
/// that finds nothing lost there fails: it would not see a loss elsewhere either.
public final class PowerCut implements AutoCloseable {
    private static final long DISK_BYTES = 96L << 20;
    private static final int CLIENTS = 5;
    private static final int PAUSE_MICROS = 2000;
    private static final int SHORTEST_MILLIS = 10;
    private static final int LONGEST_MILLIS = 250;
    private static final int START_MILLIS = 700;
    private static final int RARE = 10;
    private static final int COPIES = 4;

    private final Plan plan;
    private final Counts counts = new Counts();
    private final SplittableRandom random;
    private final Map<Durability, Integer> cutsBy = new EnumMap<>(Durability.class);
    private final Map<Moment, Integer> cutsAt = new EnumMap<>(Moment.class);
    private final DiskImage disk;
    private final List<DiskImage> spare = new ArrayList<>();
    private final CopyCheck check;
    private final List<ServerProcess> servers = new ArrayList<>();
    private final Durations copies = new Durations();
    private int cuts;
    private int copiesAgain;
    private int lives;

    /// When the power is cut.
    private enum Moment {
        /// While the server works.
        WORKING,
        /// While it starts after it was killed.
        STARTING,
        /// While it starts after a first power cut.
        RECOVERING
    }

    /// What is to be done.
    ///
    /// @param layout the folder of the server's jars
    /// @param scratch a folder for the disks
    /// @param life cuts until the next empty disk
    /// @param durabilities tried in turn
    public record Plan(Path layout, Path scratch, int cuts, int life, List<Durability> durabilities, long seed) {
        public Plan {
            durabilities = List.copyOf(durabilities);
        }
    }

    /// Throws IllegalStateException where no disk can be mounted.
    public PowerCut(Plan plan) throws IOException {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed);
        this.disk = new DiskImage(plan.scratch, "disk", DISK_BYTES);
        this.check = new CopyCheck(counts);
        for (int number = 1; number <= COPIES; number++) {
            spare.add(new DiskImage(plan.scratch, "copy-" + number, DISK_BYTES));
        }
        disk.format();
        disk.mount();
        disk.unmount();
    }

    /// Ends after all cuts, or with the first thing found that must not be; the disks stay where they are then.
    ///
    /// @param progress told a line now and then
    public boolean run(Consumer<String> progress) throws IOException {
        while (cuts < plan.cuts && counts.violations() == 0) {
            Durability durability = plan.durabilities.get(lives % plan.durabilities.size());
            lives++;
            life(durability);
            spare.forEach(check::awaitClosed);
            progress.accept(cuts + " cuts, " + counts.violations() + " violations, last at " + durability.wireName());
        }
        boolean blind = cutsBy.getOrDefault(Durability.NONE, 0) > 0 && counts.lostAtNone.sum() == 0;
        if (blind) {
            counts.find(counts.unclean, "nothing was lost at none, so this run would not see a loss");
        }
        return counts.violations() == 0;
    }

    /// The summary of the run.
    public String summary() {
        return """
                power-cut         %,d cuts %s, seed %d
                moments           %s, on %d disks; %,d copies taken again because a flush ended meanwhile
                %slost at none      %,d acknowledged writes, as it should be
                median times      copy %,d ms, start on the copy %,d ms
                """.formatted(
                                cuts,
                                lower(cutsBy),
                                plan.seed,
                                lower(cutsAt),
                                lives,
                                copiesAgain,
                                counts.text(),
                                counts.lostAtNone.sum(),
                                copies.median(),
                                check.medianRestartMillis())
                + String.join("\n", counts.findings());
    }

    /// Kills what runs and unmounts what is mounted.
    @Override
    public void close() {
        servers.forEach(ServerProcess::kill);
        for (DiskImage image : spare) {
            check.awaitClosed(image);
            image.close();
        }
        disk.close();
    }

    private static String lower(Map<?, Integer> map) {
        return map.toString().toLowerCase(java.util.Locale.ROOT);
    }

    /// One empty disk and one server on it, until it was cut often enough or is full.
    private void life(Durability durability) throws IOException {
        disk.format();
        disk.mount();
        Workload workload = new Workload(
                new Workload.Plan(List.of(durability), CLIENTS, PAUSE_MICROS, plan.seed * 10_007 + lives),
                new History(counts),
                counts);
        long fullBefore = counts.full.sum();
        ServerProcess server = launch(disk);
        URI url = ready(server);
        workload.createBuckets(url);
        workload.start(url);
        for (int left = plan.life; left > 0 && cuts < plan.cuts && isGood(fullBefore); left--) {
            pause(SHORTEST_MILLIS, LONGEST_MILLIS);
            Moment moment = moment();
            cuts++;
            cutsBy.merge(durability, 1, Integer::sum);
            cutsAt.merge(moment, 1, Integer::sum);
            switch (moment) {
                case WORKING -> {
                    DiskImage copy = nextCopy();
                    verify(copy, cut(workload, server, copy));
                }
                case RECOVERING -> {
                    DiskImage copy = nextCopy();
                    recoverAndCut(copy, cut(workload, server, copy));
                }
                case STARTING -> server = startAndCut(workload, server);
            }
        }
        workload.expectDeath();
        end(server);
        workload.await();
        disk.unmount();
    }

    private boolean isGood(long fullBefore) {
        return counts.violations() == 0 && counts.full.sum() == fullBefore;
    }

    private Moment moment() {
        return switch (random.nextInt(RARE)) {
            case 0 -> Moment.STARTING;
            case 1 -> Moment.RECOVERING;
            default -> Moment.WORKING;
        };
    }

    /// Copies the disk as it is at this moment, and returns what must be on the copy.
    private History.Expected cut(Workload workload, ServerProcess server, DiskImage copy) throws IOException {
        workload.history().mark();
        copyWhileSuspended(server, disk, copy);
        return expectedAndResumed(workload, server);
    }

    private static History.Expected expectedAndResumed(Workload workload, ServerProcess server) {
        History.Expected expected = workload.history().expected();
        server.resume();
        return expected;
    }

    private void copyWhileSuspended(ServerProcess server, DiskImage from, DiskImage to) throws IOException {
        server.suspend();
        long begin = System.nanoTime();
        copiesAgain += from.copyTo(to) - 1;
        copies.addSince(begin);
    }

    /// Cuts the power a second time, while a server starts on the copy.
    private void recoverAndCut(DiskImage copy, History.Expected expected) throws IOException {
        DiskImage copyOfCopy = nextCopy();
        copy.mount();
        ServerProcess second = launch(copy);
        pause(0, START_MILLIS);
        copyWhileSuspended(second, copy, copyOfCopy);
        end(second);
        copy.unmount();
        verify(copyOfCopy, expected);
    }

    /// Kills the server and cuts the power while it starts again.
    private ServerProcess startAndCut(Workload workload, ServerProcess server) throws IOException {
        workload.expectDeath();
        end(server);
        workload.await();
        ServerProcess next = launch(disk);
        pause(0, START_MILLIS);
        DiskImage copy = nextCopy();
        verify(copy, cut(workload, next, copy));
        URI url = ready(next);
        History.Expected expected = workload.history().expected();
        workload.history().settle(new Verification(url, counts, false).check(expected));
        workload.start(url);
        return next;
    }

    /// The disk that was used longest ago.
    private DiskImage nextCopy() {
        DiskImage next = spare.removeFirst();
        spare.addLast(next);
        check.awaitClosed(next);
        return next;
    }

    private void verify(DiskImage image, History.Expected expected) {
        check.check(image, expected, "cut " + cuts);
    }

    private ServerProcess launch(DiskImage image) {
        ServerProcess server = CrashSettings.launch(plan.layout, plan.scratch, data(image), List.of());
        servers.add(server);
        return server;
    }

    private void end(ServerProcess server) {
        server.kill();
        servers.remove(server);
    }

    private static URI ready(ServerProcess server) {
        server.awaitReady();
        Check.that(server.isReady(), "the server does not start: %s", server.errors());
        return server.url();
    }

    private static Path data(DiskImage image) {
        return image.mountPoint().resolve("data");
    }

    private void pause(int fromMillis, int toMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(fromMillis + random.nextInt(toMillis - fromMillis)));
    }

    /// Where disks are kept best: in memory, if there is such a place.
    static Path scratch(@Nullable String given, String otherwise) throws IOException {
        Path memory = Path.of("/dev/shm");
        Path folder = given != null ? Path.of(given) : Files.isWritable(memory) ? memory : Path.of(otherwise);
        return Files.createTempDirectory(folder, "power-cut");
    }
}
