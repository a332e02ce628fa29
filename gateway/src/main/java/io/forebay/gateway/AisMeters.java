package io.forebay.gateway;

import io.forebay.cluster.process.NodeStatistics;
import io.forebay.cluster.process.Statistic;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.api.cluster.NodeState;
import io.forebay.protocol.http.Method;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Counts the requests of the AIStore face. Every counter is found at construction.
final class AisMeters {
    private static final Map<Method, Statistic> NAMES = Map.of(
            Method.GET, Statistic.GET_COUNT,
            Method.PUT, Statistic.PUT_COUNT,
            Method.HEAD, Statistic.HEAD_COUNT,
            Method.DELETE, Statistic.DELETE_COUNT);

    private final Metrics metrics;
    private final Map<Method, LongAdder> answered = new EnumMap<>(Method.class);
    private final Map<Method, LongAdder> failed = new EnumMap<>(Method.class);
    private final Map<ErrorCode, LongAdder> failures = new EnumMap<>(ErrorCode.class);

    AisMeters(Metrics metrics) {
        this.metrics = metrics;
        for (ErrorCode code : ErrorCode.values()) {
            failures.put(code, metrics.counter(GatewayMetric.FAILURES, "api=\"ais\",code=\"" + code + "\""));
        }
        for (Method method : Method.values()) {
            String labels = "method=\"" + method + "\",outcome=";
            answered.put(method, metrics.counter(GatewayMetric.OBJECT_REQUESTS, labels + "\"ok\""));
            failed.put(method, metrics.counter(GatewayMetric.OBJECT_REQUESTS, labels + "\"failed\""));
        }
    }

    /// Counts one request for an object, which is answered with that status.
    void count(Method method, int status) {
        increment((status < 400 ? answered : failed).get(method));
    }

    void countFailure(ErrorCode code) {
        increment(failures.get(code));
    }

    /// What AIStore's clients see of it, as of the gateway of that id.
    NodeStatistics statistics(Ticker ticker, NodeId self) {
        Map<Statistic, LongSupplier> sources = new EnumMap<>(Statistic.class);
        NAMES.forEach((method, name) -> {
            sources.put(name, source(answered, method));
            sources.put(name.errors(), source(failed, method));
        });
        return new NodeStatistics(sources, () -> NodeState.STARTED, ticker).shownBy(metrics, "proxy", self);
    }

    private static LongSupplier source(Map<Method, LongAdder> counters, Method method) {
        LongAdder counter = counters.get(method);
        return counter == null ? () -> 0 : counter::sum;
    }

    private static void increment(@Nullable LongAdder counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
