package io.forebay.system.history;

import io.forebay.system.history.RegisterChecker.Verdict;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Many clients at work on one bucket of a cluster, whatever happens to it, and the check of what they saw.
public final class HistoryLoad implements AutoCloseable {
    private static final int READERS = 6;
    private static final int MAX_CONFIGURATIONS = 200_000;
    private static final int SHOWN_OPERATIONS = 25;
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Plan plan;
    private final Client.Run run;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    /// What a load is made of.
    ///
    /// @param bucket exists, and holds nothing
    /// @param groups of keys with a common prefix that are in use at a time
    /// @param keys in use at a time of each group
    /// @param pause of each client between two operations
    /// @param patience with which a client waits for the next byte of an answer
    /// @param seed of the choices that the clients make
    public record Plan(String bucket, int clients, int groups, int keys, Duration pause, Duration patience, long seed) {
        /// Few keys and many clients, so that operations overlap.
        public static Plan of(String bucket, long seed, Duration patience) {
            return new Plan(bucket, 12, 3, 4, Duration.ofMillis(20), patience, seed);
        }
    }

    public HistoryLoad(Plan plan, Doors doors) {
        this.plan = plan;
        this.run = new Client.Run(
                new KeySpace(plan.groups(), plan.keys()), new Values(plan.seed() << 20), new Findings(), doors);
    }

    public void start() {
        for (int number = 0; number < plan.clients(); number++) {
            int own = number;
            threads.add(Thread.ofVirtual().start(() -> run(own)));
        }
    }

    /// Operations that were answered so far.
    public long answered() {
        return run.findings().answeredCount();
    }

    /// Ends the clients, and waits for them.
    public void stop() {
        stopping = true;
        threads.forEach(HistoryLoad::join);
        threads.clear();
    }

    /// Reads every key once more, through gateways in turn, and every list; each again until it is answered.
    /// Whether all were within the patience; if not, that is a finding.
    public boolean readAll(Duration patience) {
        long deadline = Client.now() + patience.toNanos();
        List<Key> keys = run.keys().keys();
        AtomicInteger next = new AtomicInteger();
        AtomicInteger silent = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        for (int index = 0; index < READERS; index++) {
            int number = plan.clients() + index;
            readers.add(Thread.ofVirtual().start(() -> {
                try (Client client = client(number)) {
                    for (int at = next.getAndIncrement(); at < keys.size(); at = next.getAndIncrement()) {
                        if (!readKey(client, keys.get(at), at, deadline)) {
                            silent.incrementAndGet();
                        }
                    }
                }
            }));
        }
        readers.forEach(HistoryLoad::join);
        readLists(deadline, silent);
        if (silent.get() > 0) {
            run.findings()
                    .add(silent + " reads of " + keys.size() + " keys and their lists were not answered within "
                            + patience.toSeconds() + " s");
        }
        return silent.get() == 0;
    }

    /// Whether what the clients saw can have been right.
    public HistoryReport check() {
        List<String> texts = new ArrayList<>(run.findings().texts());
        long wrong = run.findings().count();
        int most = 0;
        long operations = 0;
        for (Key key : run.keys().keys()) {
            List<Operation> history = key.operations();
            operations += history.size();
            switch (RegisterChecker.check(history, MAX_CONFIGURATIONS)) {
                case Verdict.Linearizable fine -> most = Math.max(most, fine.configurations());
                case Verdict.Broken broken -> {
                    wrong++;
                    texts.add(Explanation.of(plan.bucket() + "/" + key.name(), history, broken, SHOWN_OPERATIONS));
                }
                case Verdict.Undecided undecided -> {
                    wrong++;
                    texts.add(key.name() + " could not be checked: " + undecided.why());
                }
            }
        }
        return new HistoryReport(
                run.keys().keys().size(),
                operations,
                run.findings().answeredCount(),
                run.findings().unknownCounts(),
                run.findings().notSentCount(),
                most,
                wrong,
                texts);
    }

    @Override
    public void close() {
        stop();
    }

    private void run(int number) {
        try (Client client = client(number)) {
            while (!stopping) {
                client.step();
                LockSupport.parkNanos(plan.pause().toNanos());
            }
        } catch (RuntimeException e) {
            run.findings().add("client " + number + " failed: " + e);
        }
    }

    private Client client(int number) {
        return new Client(number, plan.bucket(), run, (int) plan.patience().toMillis(), plan.seed());
    }

    private boolean readKey(Client client, Key key, int turn, long deadline) {
        List<URI> gateways = run.doors().gateways();
        for (int at = turn; ; at++) {
            Face face = at % 2 == 0 ? Face.S3 : Face.AIS;
            if (client.get(key, gateways.get(at % gateways.size()), face)) {
                return true;
            }
            if (Client.now() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(RETRY_NANOS);
        }
    }

    private void readLists(long deadline, AtomicInteger silent) {
        List<URI> gateways = run.doors().gateways();
        try (Caller caller = new Caller(run.doors(), (int) plan.patience().toMillis())) {
            PageReader pages = new PageReader(plan.bucket(), run, caller);
            for (KeySpace.Group group : run.keys().groups()) {
                int at = 0;
                while (!pages.read(group, gateways.get(at++ % gateways.size()), "last")) {
                    if (Client.now() - deadline >= 0) {
                        silent.incrementAndGet();
                        break;
                    }
                    LockSupport.parkNanos(RETRY_NANOS);
                }
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
