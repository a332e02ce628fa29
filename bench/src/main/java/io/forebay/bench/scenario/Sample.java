package io.forebay.bench.scenario;

import io.forebay.bench.load.LoadResult;
import org.HdrHistogram.Histogram;

/// One short run: how much was answered, and at what price.
///
/// @param rate answers a second
/// @param cpuMicros processor time of the server for each answer, 0 when it was not measured
/// @param bytes that an answer, or for writes a request, carries
public record Sample(double rate, double cpuMicros, double bytes, double p50Millis, double p99Millis) {
    private static final double NANOS_PER_MILLI = 1e6;

    /// Of a load by our own generator.
    public static Sample of(LoadResult result, long cpuNanos) {
        Histogram all = result.requireClean().allLatencies();
        double count = Math.max(1, result.requests());
        return new Sample(
                result.requestsPerSecond(),
                cpuNanos / 1e3 / count,
                Math.max(result.sentBytes(), result.receivedBytes()) / count,
                all.getValueAtPercentile(50) / NANOS_PER_MILLI,
                all.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }

    public double cpuSecondsPerGibibyte() {
        return cpuMicros / 1e6 / bytes * (1 << 30);
    }
}
