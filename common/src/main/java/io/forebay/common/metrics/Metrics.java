package io.forebay.common.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/// The metrics of one process: found at construction, updated without locks, shown as Prometheus text.
///
/// Labels are one text `name="value",other="value"` (or empty), made once by the caller.
public final class Metrics {
    private final Map<String, Family> families = new ConcurrentSkipListMap<>();

    /// The counter of that metric and those labels, made on first use.
    public LongAdder counter(Metric metric, String labels) {
        return (LongAdder) family(metric).series.computeIfAbsent(labels, key -> new LongAdder());
    }

    /// The histogram of that metric and those labels, made on first use.
    public Histogram histogram(Metric metric, String labels) {
        return (Histogram) family(metric).series.computeIfAbsent(labels, key -> new Histogram());
    }

    /// Shows the supplier's value as a gauge, or as a counter that is kept elsewhere; a later one of the same
    /// labels replaces it.
    public void gauge(Metric metric, String labels, DoubleSupplier value) {
        family(metric).series.put(labels, value);
    }

    /// Everything in Prometheus text exposition format 0.0.4.
    public String text() {
        StringBuilder out = new StringBuilder(4096);
        families.forEach((name, family) -> family.write(name, out));
        return out.toString();
    }

    private Family family(Metric metric) {
        return families.computeIfAbsent(metric.metricName(), name -> new Family(metric.kind(), metric.help()));
    }

    private static final class Family {
        private final Metric.Kind kind;
        private final String help;
        private final Map<String, Object> series = new ConcurrentHashMap<>();

        Family(Metric.Kind kind, String help) {
            this.kind = kind;
            this.help = help;
        }

        void write(String name, StringBuilder out) {
            out.append("# HELP ").append(name).append(' ').append(help).append('\n');
            out.append("# TYPE ")
                    .append(name)
                    .append(' ')
                    .append(
                            switch (kind) {
                                case COUNTER -> "counter";
                                case GAUGE -> "gauge";
                                case HISTOGRAM -> "histogram";
                            })
                    .append('\n');
            series.forEach((labels, value) -> {
                switch (value) {
                    case LongAdder counter ->
                        sample(name, labels, out).append(counter.sum()).append('\n');
                    case DoubleSupplier gauge ->
                        sample(name, labels, out).append(gauge.getAsDouble()).append('\n');
                    case Histogram histogram -> histogram.write(name, labels, out);
                    default -> throw new IllegalStateException("unknown series of " + name);
                }
            });
        }

        private static StringBuilder sample(String name, String labels, StringBuilder out) {
            out.append(name);
            if (!labels.isEmpty()) {
                out.append('{').append(labels).append('}');
            }
            return out.append(' ');
        }
    }
}
