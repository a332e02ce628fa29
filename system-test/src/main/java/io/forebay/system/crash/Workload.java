package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import io.forebay.system.server.NotSentException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Many clients that write to one server until it is gone or they are stopped. One run at a time.
final class Workload {
    private static final int OBJECTS = 16;
    private static final int OBJECTS_IN_OWN_BUCKET = 5;

    private final History history;
    private final Counts counts;
    private final long pauseNanos;
    private final List<Entry> buckets = new ArrayList<>();
    private final List<LoadClient> clients = new ArrayList<>();
    private final List<Thread> running = new ArrayList<>();
    private volatile boolean stopping;

    /// What a workload is made of.
    ///
    /// @param durabilities each with a bucket, and a bucket that comes and goes
    /// @param clients of each durability
    /// @param pauseMicros between two operations of a client
    record Plan(List<Durability> durabilities, int clients, long pauseMicros, long seed) {
        Plan {
            durabilities = List.copyOf(durabilities);
        }
    }

    Workload(Plan plan, History history, Counts counts) {
        this.history = history;
        this.counts = counts;
        this.pauseNanos = TimeUnit.MICROSECONDS.toNanos(plan.pauseMicros);
        for (Durability durability : plan.durabilities) {
            Entry bucket = history.add(durability.wireName(), "", durability);
            buckets.add(bucket);
            for (int index = 0; index < plan.clients; index++) {
                addClient(bucket, false, OBJECTS, plan.seed);
            }
            addClient(
                    history.add("own-" + durability.wireName(), "", durability),
                    true,
                    OBJECTS_IN_OWN_BUCKET,
                    plan.seed);
        }
    }

    /// Creates the buckets that stay.
    void createBuckets(URI url) {
        try (Calls calls = LoadClient.connect(url)) {
            buckets.forEach(bucket -> clients.getFirst().create(calls, bucket));
        }
    }

    void start(URI url) {
        stopping = false;
        running.clear();
        for (LoadClient client : clients) {
            running.add(Thread.ofVirtual().start(() -> run(client, url)));
        }
    }

    /// From now on the server may be gone at any time.
    void expectDeath() {
        stopping = true;
    }

    /// Waits until every client has seen that it is to stop.
    void await() {
        for (Thread thread : running) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    History history() {
        return history;
    }

    private void addClient(Entry bucket, boolean ownsBucket, int objects, long seed) {
        clients.add(new LoadClient(history, counts, bucket, ownsBucket, clients.size(), objects, seed));
    }

    private void run(LoadClient client, URI url) {
        try (Calls calls = LoadClient.connect(url)) {
            while (!stopping) {
                step(client, calls);
                LockSupport.parkNanos(pauseNanos);
            }
        } catch (UncheckedIOException e) {
            if (!stopping) {
                counts.find(counts.refused, "a living server broke a connection: " + e.getMessage());
            }
        }
    }

    private void step(LoadClient client, Calls calls) {
        try {
            client.step(calls);
        } catch (NotSentException e) {
            counts.notSent.increment();
            throw e;
        }
    }
}
