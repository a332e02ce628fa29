package io.forebay.storage.http;

import io.forebay.cluster.process.Statistic;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.metrics.Histogram;
import io.forebay.common.metrics.Metrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counts requests by operation and outcome, and measures how long they took. Every counter is found at construction
/// but those of failures.
final class RequestMeters {
    private static final Map<Operation, Statistic> AISTORE_NAMES = Map.of(
            Operation.GET, Statistic.GET_COUNT,
            Operation.PUT, Statistic.PUT_COUNT,
            Operation.HEAD, Statistic.HEAD_COUNT,
            Operation.APPEND, Statistic.APPEND_COUNT,
            Operation.DELETE, Statistic.DELETE_COUNT,
            Operation.RENAME, Statistic.RENAME_COUNT,
            Operation.LIST_PAGE, Statistic.LIST_COUNT);

    private static final Map<Operation, Statistic> AISTORE_NAMES_OF_TIME = Map.of(
            Operation.GET, Statistic.GET_NANOS,
            Operation.PUT, Statistic.PUT_NANOS,
            Operation.HEAD, Statistic.HEAD_NANOS);

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
                            new LongAdder(),
                            metrics.histogram(NodeMetric.LATENCY, named)));
        }
    }

    private record Meter(LongAdder succeeded, LongAdder failed, Histogram latency) {}

    /// Counts one request; `failure` is null when it succeeded.
    void count(Operation operation, @Nullable ErrorCode failure, long nanos, boolean mayWait) {
        Meter meter = meter(operation);
        meter.latency().record(nanos);
        if (failure == null) {
            meter.succeeded().increment();
        } else {
            String named = labels + ",operation=\"" + operation.label() + "\",outcome=\"" + failure.name() + "\"";
            metrics.counter(NodeMetric.REQUESTS, named).increment();
            meter.failed().increment();
        }
        if (!mayWait) {
            fast.increment();
        }
    }

    /// Where the counts are kept that AIStore has names for.
    Map<Statistic, LongSupplier> byAistoresNames() {
        Map<Statistic, LongSupplier> sources = new EnumMap<>(Statistic.class);
        AISTORE_NAMES.forEach((operation, name) -> {
            Meter meter = meter(operation);
            sources.put(name, meter.succeeded()::sum);
            sources.put(name.errors(), meter.failed()::sum);
        });
        AISTORE_NAMES_OF_TIME.forEach(
                (operation, name) -> sources.put(name, meter(operation).latency()::totalNanos));
        sources.put(Statistic.GET_SIZE, metrics.counter(NodeMetric.READ_BYTES, labels)::sum);
        sources.put(Statistic.PUT_SIZE, metrics.counter(NodeMetric.WRITTEN_BYTES, labels)::sum);
        return sources;
    }

    private Meter meter(Operation operation) {
        return Objects.requireNonNull(meters.get(operation));
    }
}
