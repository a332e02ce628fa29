package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts requests by operation and outcome, and measures how long they took. Every counter is found at construction
/// but those of failures.
final class RequestMeters {
    private static final Map<Operation, String> AISTORE_NAMES = Map.of(
            Operation.GET, "get.n",
            Operation.PUT, "put.n",
            Operation.HEAD, "head.n",
            Operation.APPEND, "append.n",
            Operation.DELETE, "del.n",
            Operation.RENAME, "ren.n",
            Operation.LIST_PAGE, "lst.n");

    private final Metrics metrics;
    private final String labels;
    private final Map<Operation, Meter> meters = new EnumMap<>(Operation.class);
    private final LongAdder fast;

    RequestMeters(Metrics metrics, String labels) {
        this.metrics = metrics;
        this.labels = labels;
        this.fast = metrics.counter(NodeMetric.FAST_REQUESTS, labels);
        for (Operation operation : Operation.values()) {
            String named = labels + ",operation=\"" + operation.label() + "\"";
            meters.put(
                    operation,
                    new Meter(
                            metrics.counter(NodeMetric.REQUESTS, named + ",outcome=\"ok\""),
                            metrics.histogram(NodeMetric.LATENCY, named)));
        }
    }

    private record Meter(LongAdder succeeded, Histogram latency) {}

    /// Counts one request; `failure` is null when it succeeded.
    void count(Operation operation, @Nullable ErrorCode failure, long nanos, boolean mayWait) {
        Meter meter = Objects.requireNonNull(meters.get(operation));
        meter.latency().record(nanos);
        if (failure == null) {
            meter.succeeded().increment();
        } else {
            String named = labels + ",operation=\"" + operation.label() + "\",outcome=\"" + failure.name() + "\"";
            metrics.counter(NodeMetric.REQUESTS, named).increment();
        }
        if (!mayWait) {
            fast.increment();
        }
    }

    /// The counters by AIStore's names.
    SortedMap<String, Long> byAistoresNames() {
        SortedMap<String, Long> counters = new TreeMap<>();
        AISTORE_NAMES.forEach((operation, name) -> counters.put(
                name, Objects.requireNonNull(meters.get(operation)).succeeded().sum()));
        counters.put("get.size", metrics.counter(NodeMetric.READ_BYTES, labels).sum());
        counters.put(
                "put.size", metrics.counter(NodeMetric.WRITTEN_BYTES, labels).sum());
        return counters;
    }
}
