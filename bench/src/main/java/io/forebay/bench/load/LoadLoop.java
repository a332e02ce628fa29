package io.forebay.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Runs one load on the calling thread.
public final class LoadLoop {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);
    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int SAMPLES = 3;

    private final LoadPlan plan;
    private final RequestSource source;
    private final Selector selector;
    private final List<LoadConnection> connections = new ArrayList<>();
    private final ArrayDeque<LoadConnection> idle = new ArrayDeque<>();
    private final Map<String, Histogram> latencies = new HashMap<>();
    private final List<String> samples = new ArrayList<>();
    private final long interval;
    private long due;
    private long stop;
    private long begun;
    private long failures;

    private LoadLoop(LoadPlan plan, RequestSource source) throws IOException {
        this.plan = plan;
        this.source = source;
        this.interval = plan.rate() == 0 ? 0 : (long) (1e9 / plan.rate());
        this.selector = Selector.open();
        for (int index = 0; index < plan.connections(); index++) {
            connections.add(new LoadConnection(plan.address(), selector, plan.requestBytes()));
        }
        idle.addAll(connections);
    }

    /// Sends the load and returns when the last answer is there.
    public static LoadResult run(LoadPlan plan, RequestSource source) {
        try {
            LoadLoop loop = new LoadLoop(plan, source);
            try {
                return loop.run();
            } finally {
                loop.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the load on " + plan.address() + " broke: " + e.getMessage(), e);
        }
    }

    static Histogram newHistogram() {
        return new Histogram(LONGEST_NANOS, 3);
    }

    private LoadResult run() throws IOException {
        long start = System.nanoTime();
        due = start;
        stop = start + plan.duration().toNanos();
        long now = start;
        while (now < stop && !allBegun()) {
            beginDue(now);
            select(interval == 0 || idle.isEmpty() ? stop - now : Math.min(due, stop) - now);
            now = System.nanoTime();
        }
        long patience = now + DRAIN_NANOS;
        while (idle.size() < connections.size() && System.nanoTime() < patience) {
            select(patience - System.nanoTime());
        }
        failures += connections.size() - idle.size();
        return result(System.nanoTime() - start);
    }

    private boolean allBegun() {
        return plan.requests() > 0 && begun >= plan.requests();
    }

    /// Begins the requests whose time has come, as far as there are connections.
    private void beginDue(long now) throws IOException {
        while (!idle.isEmpty() && (interval == 0 || due <= now) && !allBegun()) {
            begin(idle.poll(), interval == 0 ? now : due);
            due += interval;
        }
    }

    private void begin(LoadConnection connection, long when) throws IOException {
        begun++;
        connection.begin(source, when);
    }

    private void select(long nanos) throws IOException {
        if (nanos < TimeUnit.MILLISECONDS.toNanos(1)) {
            selector.selectNow();
        } else {
            selector.select(TimeUnit.NANOSECONDS.toMillis(nanos));
        }
        for (SelectionKey key : selector.selectedKeys()) {
            advance((LoadConnection) key.attachment());
        }
        selector.selectedKeys().clear();
    }

    private void advance(LoadConnection connection) throws IOException {
        Operation operation = connection.operation();
        try {
            if (connection.advance() && operation != null) {
                long now = System.nanoTime();
                count(operation, connection.status(), now - connection.begun());
                if (interval == 0 && now < stop && !allBegun()) {
                    begin(connection, now);
                } else {
                    idle.add(connection);
                }
            }
        } catch (IOException e) {
            failed(operation, e.toString());
            connection.reconnect();
            if (operation != null) {
                idle.add(connection);
            }
        }
    }

    private void count(Operation operation, int status, long nanos) {
        if (operation.accepts(status)) {
            latencies
                    .computeIfAbsent(operation.name(), name -> newHistogram())
                    .recordValue(Math.min(nanos, LONGEST_NANOS));
        } else {
            failed(operation, "status " + status);
        }
    }

    private void failed(@Nullable Operation operation, String why) {
        failures++;
        if (samples.size() < SAMPLES) {
            samples.add((operation == null ? "idle connection" : operation.name()) + ": " + why);
        }
    }

    private LoadResult result(long nanos) {
        long sent = 0;
        long received = 0;
        for (LoadConnection connection : connections) {
            sent += connection.sentBytes();
            received += connection.receivedBytes();
        }
        return new LoadResult(Map.copyOf(latencies), failures, List.copyOf(samples), sent, received, nanos);
    }

    private void close() throws IOException {
        for (LoadConnection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
