package io.forebay.bench.load;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// What a load got.
///
/// @param latencies of accepted answers in nanoseconds, by name of the operation
/// @param failures answers with another status, and connections that broke
/// @param samples the first failures in words
/// @param sentBytes of requests, heads included
/// @param receivedBytes of responses, heads included
/// @param nanos from the first request to the last answer
public record LoadResult(
        Map<String, Histogram> latencies,
        long failures,
        List<String> samples,
        long sentBytes,
        long receivedBytes,
        long nanos) {

    /// Answers that were accepted.
    public long requests() {
        return latencies.values().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    public double requestsPerSecond() {
        return requests() / (nanos / 1e9);
    }

    /// The latencies of all operations together.
    public Histogram allLatencies() {
        Histogram all = LoadLoop.newHistogram();
        latencies.values().forEach(all::add);
        return all;
    }

    /// Fails when any request did: a rate with failures in it compares nothing.
    public LoadResult requireClean() {
        if (failures > 0) {
            throw new IllegalStateException(failures + " requests failed, such as: " + String.join("; ", samples));
        }
        return this;
    }
}
