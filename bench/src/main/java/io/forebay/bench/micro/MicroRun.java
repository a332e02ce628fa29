package io.forebay.bench.micro;

import java.io.PrintStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Runs benchmarks and holds each to what it may allocate.
public final class MicroRun {
    private static final String ALLOCATION = "gc.alloc.rate.norm";
    /// What the measurement itself adds to an operation, in bytes.
    private static final double NOISE_BYTES = 0.5;

    private MicroRun() {}

    /// Runs those whose name matches; returns 1 when one allocated more than it may, else 0.
    public static int run(String pattern, PrintStream out) {
        return run(List.of(options(pattern)), out);
    }

    /// GET and PUT by the storage API and through the HTTP handlers, small and large, each in one JVM and for
    /// a second: what they allocate shows in that, other than their time. Returns as `run` does.
    public static int runShort(PrintStream out) {
        return run(
                List.of(
                        brief("StoreBenchmark\\.(get|put)$").param("bytes", "1024", "102400"),
                        brief("HandlerBenchmark").param("bytes", "1024", "1048576")),
                out);
    }

    private static ChainedOptionsBuilder brief(String pattern) {
        return options(pattern)
                .forks(1)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(1000))
                .measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(300));
    }

    private static ChainedOptionsBuilder options(String pattern) {
        return new OptionsBuilder()
                .include("io\\.forebay\\.bench\\.micro\\..*" + pattern)
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.NORMAL)
                .shouldFailOnError(true);
    }

    private static int run(List<ChainedOptionsBuilder> runs, PrintStream out) {
        try {
            List<RunResult> results = new ArrayList<>();
            for (ChainedOptionsBuilder each : runs) {
                results.addAll(new Runner(each.build()).run());
            }
            out.printf("%n%-44s %14s %14s %14s%n", "", "ns each", "bytes each", "allowed");
            int broken = 0;
            for (RunResult result : results) {
                broken += row(result, out) ? 0 : 1;
            }
            return broken == 0 ? 0 : 1;
        } catch (RunnerException e) {
            throw new IllegalStateException("the benchmarks did not run", e);
        }
    }

    /// Prints one result; false when it allocated too much.
    private static boolean row(RunResult result, PrintStream out) {
        String benchmark = result.getParams().getBenchmark();
        double nanos = result.getPrimaryResult().getScore();
        Result<?> allocation = result.getSecondaryResults().get(ALLOCATION);
        // The least of all iterations: other threads and the compiler only add to it, the more the busier the machine.
        double bytes =
                allocation == null ? Double.NaN : allocation.getStatistics().getMin();
        int allowed = allowed(benchmark);
        boolean kept = bytes <= allowed + NOISE_BYTES;
        out.printf(
                Locale.ROOT,
                "%-44s %14.1f %14.1f %14d%s%n",
                name(result, benchmark),
                nanos,
                bytes,
                allowed,
                kept ? "" : "  TOO MUCH");
        return kept;
    }

    private static String name(RunResult result, String benchmark) {
        StringBuilder name = new StringBuilder(
                benchmark.substring(MicroRun.class.getPackageName().length() + 1));
        for (String key : result.getParams().getParamsKeys()) {
            name.append(' ').append(result.getParams().getParam(key));
        }
        return name.toString();
    }

    private static int allowed(String benchmark) {
        int dot = benchmark.lastIndexOf('.');
        try {
            Method method = Class.forName(benchmark.substring(0, dot)).getMethod(benchmark.substring(dot + 1));
            Allocates allocates = method.getAnnotation(Allocates.class);
            if (allocates == null) {
                throw new IllegalStateException(benchmark + " does not say what it may allocate");
            }
            return allocates.atMost();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(benchmark + " is not there", e);
        }
    }
}
