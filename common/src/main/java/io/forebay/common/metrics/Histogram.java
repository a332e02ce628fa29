package io.forebay.common.metrics;

import java.util.concurrent.atomic.LongAdder;

/// Durations in buckets that double from 1 µs to 67 s.
public final class Histogram {
    private static final int BUCKETS = 27;

    private final LongAdder[] buckets = new LongAdder[BUCKETS + 1];
    private final LongAdder totalNanos = new LongAdder();

    Histogram() {
        for (int index = 0; index < buckets.length; index++) {
            buckets[index] = new LongAdder();
        }
    }

    /// Counts one duration in nanoseconds.
    public void record(long nanos) {
        long micros = Math.max(0, nanos - 1) / 1000;
        int index = micros == 0 ? 0 : 64 - Long.numberOfLeadingZeros(micros);
        buckets[Math.min(index, BUCKETS)].increment();
        totalNanos.add(Math.max(0, nanos));
    }

    /// All durations together, in nanoseconds.
    public long totalNanos() {
        return totalNanos.sum();
    }

    void write(String name, String labels, StringBuilder out) {
        String comma = labels.isEmpty() ? "" : ",";
        long count = 0;
        for (int index = 0; index <= BUCKETS; index++) {
            count += buckets[index].sum();
            String bound = index == BUCKETS ? "+Inf" : Double.toString((1L << index) / 1e6);
            out.append(name).append("_bucket{").append(labels).append(comma).append("le=\"");
            out.append(bound).append("\"} ").append(count).append('\n');
        }
        String braces = labels.isEmpty() ? "" : "{" + labels + "}";
        out.append(name)
                .append("_sum")
                .append(braces)
                .append(' ')
                .append(totalNanos.sum() / 1e9)
                .append('\n');
        out.append(name)
                .append("_count")
                .append(braces)
                .append(' ')
                .append(count)
                .append('\n');
    }
}
