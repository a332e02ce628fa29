package io.forebay.cluster.process;

import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What a node counts, as AIStore's clients see it: since it started, or since it was last set back.
///
/// Setting back is for those who ask the node; metrics that are scraped never go down.
public final class NodeStatistics {
    private final Map<Statistic, LongSupplier> sources;
    private final Map<Statistic, Long> setBack = new ConcurrentHashMap<>();
    private final Ticker ticker;
    private final long startedNanos;

    /// @param sources where the counts are kept
    /// @param stateFlags the node's state as AIStore's flags
    public NodeStatistics(Map<Statistic, LongSupplier> sources, LongSupplier stateFlags, Ticker ticker) {
        this.sources = new EnumMap<>(sources);
        this.ticker = ticker;
        this.startedNanos = ticker.nanos();
        this.sources.put(Statistic.STATE_FLAGS, stateFlags);
        this.sources.put(Statistic.UPTIME, this::uptimeNanos);
    }

    /// Nanoseconds since the node started.
    public long uptimeNanos() {
        return ticker.nanos() - startedNanos;
    }

    /// `tracker`: what is not zero, by AIStore's name.
    public SortedMap<String, Long> tracker() {
        SortedMap<String, Long> tracker = new TreeMap<>();
        sources.forEach((statistic, source) -> {
            long value = source.getAsLong() - setBack.getOrDefault(statistic, 0L);
            if (value != 0 || statistic == Statistic.UPTIME) {
                tracker.put(statistic.aisName(), value);
            }
        });
        return tracker;
    }

    /// `what=metrics`: the kind of each, by AIStore's name.
    public SortedMap<String, String> kinds() {
        SortedMap<String, String> kinds = new TreeMap<>();
        sources.keySet().forEach(statistic -> kinds.put(statistic.aisName(), statistic.kind()));
        return kinds;
    }

    /// Lets counts begin at 0 again.
    void setBack() {
        sources.forEach((statistic, source) -> setBack(statistic, source));
    }

    /// Lets counts of failures begin at 0 again.
    void setBackErrors() {
        sources.forEach((statistic, source) -> {
            if (statistic.isOfErrors()) {
                setBack(statistic, source);
            }
        });
    }

    /// Shows all of it under AIStore's names for Prometheus, beside ours.
    ///
    /// @param type `target` or `proxy`
    public NodeStatistics shownBy(Metrics metrics, String type, NodeId node) {
        String labels = "node_id=\"" + node.value().replace('.', '_') + "\"";
        sources.forEach((statistic, source) -> {
            double unit = statistic == Statistic.UPTIME ? TimeUnit.SECONDS.toNanos(1) : 1;
            metrics.gauge(statistic.metric(type), labels, () -> source.getAsLong() / unit);
        });
        return this;
    }

    private void setBack(Statistic statistic, LongSupplier source) {
        if (!statistic.isState()) {
            setBack.put(statistic, source.getAsLong());
        }
    }
}
