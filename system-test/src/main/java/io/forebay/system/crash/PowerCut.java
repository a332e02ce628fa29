package io.forebay.system.crash;

import io.forebay.common.error.Check;
import io.forebay.common.model.Durability;
import io.forebay.system.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Cuts the power of a real server under load, over and over: its disks are copied at a random moment, with
/// what the kernel has given to it by then and nothing else, and a server on the copy is compared with the
/// history.
///
/// What was acknowledged before the moment has to be on the copy. With durability `none` some of it is not,
/// and a run that finds nothing lost there fails: it would not see a loss elsewhere either.
public final class PowerCut implements AutoCloseable {
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
    private final Drains drains;
    private final Disks disk;
    private final List<Disks> spare = new ArrayList<>();
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
    /// @param volumes of the server, each on a disk of its own; with several, one is drained now and then
    public record Plan(
            Path layout, Path scratch, int cuts, int life, List<Durability> durabilities, long seed, int volumes) {
        public Plan {
            durabilities = List.copyOf(durabilities);
        }
    }

    /// Throws IllegalStateException where no disk can be mounted.
    public PowerCut(Plan plan) throws IOException {
        this.plan = plan;
        this.random = new SplittableRandom(plan.seed);
        this.disk = new Disks(plan.scratch, "disk", plan.volumes);
        this.check = new CopyCheck(counts);
        for (int number = 1; number <= COPIES; number++) {
            spare.add(new Disks(plan.scratch, "copy-" + number, plan.volumes));
        }
        this.drains = new Drains(random, counts);
        disk.format();
        disk.mountFirst();
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
            volumes           %d, each on a disk; %,d times one began or ended to be drained
            moments           %s, in %d lives; %,d copies taken again because a flush ended meanwhile
            %slost at none      %,d acknowledged writes, as it should be
            median times      copy %,d ms, start on the copy %,d ms
            """.formatted(
                                cuts,
                                lower(cutsBy),
                                plan.seed,
                                plan.volumes,
                                counts.drains.sum(),
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
        for (Disks copy : spare) {
            check.awaitClosed(copy);
            copy.close();
        }
        disk.close();
    }

    private static String lower(Map<?, Integer> map) {
        return map.toString().toLowerCase(java.util.Locale.ROOT);
    }

    /// Empty disks and one server on them, until they were cut often enough or are full.
    private void life(Durability durability) throws IOException {
        disk.format();
        disk.mountFirst();
        Workload workload = new Workload(
                new Workload.Plan(List.of(durability), CLIENTS, PAUSE_MICROS, plan.seed * 10_007 + lives),
                new History(counts),
                counts);
        long fullBefore = counts.full.sum();
        ServerProcess server = launch(disk, List.of());
        URI url = ready(server);
        workload.createBuckets(url);
        workload.start(url);
        if (plan.volumes > 1) {
            server = addVolumes(workload, server);
        }
        for (int left = plan.life; left > 0 && cuts < plan.cuts && isGood(fullBefore); left--) {
            if (plan.volumes > 1 && random.nextBoolean()) {
                drains.turn(server.controlUrl());
            }
            pause(SHORTEST_MILLIS, LONGEST_MILLIS);
            Moment moment = moment();
            cuts++;
            cutsBy.merge(durability, 1, Integer::sum);
            cutsAt.merge(moment, 1, Integer::sum);
            switch (moment) {
                case WORKING -> {
                    Disks copy = nextCopy();
                    verify(copy, cut(workload, server, copy));
                }
                case RECOVERING -> {
                    Disks copy = nextCopy();
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

    /// Starts the server anew on all disks: what it has is to be spread over them.
    private ServerProcess addVolumes(Workload workload, ServerProcess server) throws IOException {
        pause(SHORTEST_MILLIS, LONGEST_MILLIS);
        workload.expectDeath();
        end(server);
        workload.await();
        disk.mountFurther();
        ServerProcess next = launch(disk, disk.furtherVolumes());
        goOn(workload, next);
        return next;
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
    private History.Expected cut(Workload workload, ServerProcess server, Disks copy) throws IOException {
        workload.history().mark();
        server.suspend();
        workload.history().suspend();
        copyTimed(disk, copy);
        return expectedAndResumed(workload, server);
    }

    private static History.Expected expectedAndResumed(Workload workload, ServerProcess server) {
        History.Expected expected = workload.history().expected();
        server.resume();
        return expected;
    }

    private void copyTimed(Disks from, Disks to) throws IOException {
        long begin = System.nanoTime();
        copiesAgain += from.copyTo(to) - 1;
        copies.addSince(begin);
    }

    /// Cuts the power a second time, while a server starts on the copy.
    private void recoverAndCut(Disks copy, History.Expected expected) throws IOException {
        Disks copyOfCopy = nextCopy();
        copy.mount();
        ServerProcess second = launch(copy, List.of());
        pause(0, START_MILLIS);
        second.suspend();
        copyTimed(copy, copyOfCopy);
        end(second);
        copy.unmount();
        verify(copyOfCopy, expected);
    }

    /// Kills the server and cuts the power while it starts again.
    private ServerProcess startAndCut(Workload workload, ServerProcess server) throws IOException {
        workload.expectDeath();
        end(server);
        workload.await();
        ServerProcess next = launch(disk, List.of());
        pause(0, START_MILLIS);
        Disks copy = nextCopy();
        verify(copy, cut(workload, next, copy));
        goOn(workload, next);
        return next;
    }

    /// Compares the server with the history, and lets the clients write again.
    private void goOn(Workload workload, ServerProcess server) {
        URI url = ready(server);
        History.Expected expected = workload.history().expected();
        workload.history().settle(new Verification(url, counts, false).check(expected));
        workload.start(url);
    }

    /// The disks that were used longest ago.
    private Disks nextCopy() {
        Disks next = spare.removeFirst();
        spare.addLast(next);
        check.awaitClosed(next);
        return next;
    }

    private void verify(Disks copy, History.Expected expected) {
        check.check(copy, expected, "cut " + cuts);
    }

    private ServerProcess launch(Disks on, List<Path> volumes) {
        List<String> more = new ArrayList<>();
        volumes.forEach(volume -> more.addAll(List.of("--volume", volume.toString())));
        ServerProcess server = CrashSettings.launch(plan.layout, plan.scratch, on.data(), more);
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

    private void pause(int fromMillis, int toMillis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(fromMillis + random.nextInt(toMillis - fromMillis)));
    }
}
