package io.forebay.bench.micro;

import io.forebay.protocol.http.HttpDate;
import org.openjdk.jmh.annotations.Benchmark;

/// The date of a reply's `Last-Modified`.
public class HttpDateBenchmark extends MicroBenchmark {
    private long millis = 1_763_992_771_509L;

    @Benchmark
    @Allocates(atMost = 120)
    public String format() {
        millis = millis == 1_763_992_771_509L ? 1_700_000_000_000L : 1_763_992_771_509L;
        return HttpDate.format(millis);
    }
}
