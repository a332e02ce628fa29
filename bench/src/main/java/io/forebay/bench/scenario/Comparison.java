package io.forebay.bench.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Variants against one reference, pair of runs by pair of runs: a table of ratios and medians.
public final class Comparison {
    private final String title;
    private final String reference;
    private final Map<String, List<Pair>> variants = new LinkedHashMap<>();
    private final Map<String, Double> bars = new LinkedHashMap<>();

    private record Pair(Sample reference, Sample variant) {
        double ratio() {
            return variant.rate() / reference.rate();
        }
    }

    /// @param reference the name of what the variants are compared with
    public Comparison(String title, String reference) {
        this.title = title;
        this.reference = reference;
    }

    public void add(String variant, Sample referenceSample, Sample sample) {
        variants.computeIfAbsent(variant, name -> new ArrayList<>()).add(new Pair(referenceSample, sample));
    }

    /// Says what the ratio of a variant must at least be.
    public void bar(String variant, double least) {
        bars.put(variant, least);
    }

    /// The table: the reference's own numbers first, then a row for each variant.
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add(title);
        lines.add(row("", "ratio [range]", "per second", "CPU us each", "CPU-s/GiB", "p50 / p99 ms", ""));
        List<Sample> references = variants.values().stream()
                .flatMap(List::stream)
                .map(Pair::reference)
                .distinct()
                .toList();
        lines.add(row(reference, "1", references, ""));
        variants.forEach((name, pairs) -> lines.add(
                row(name, ratio(pairs), pairs.stream().map(Pair::variant).toList(), verdict(name, pairs))));
        return String.join("\n", lines) + "\n";
    }

    private static String ratio(List<Pair> pairs) {
        double[] ratios = pairs.stream().mapToDouble(Pair::ratio).sorted().toArray();
        return "%.2f [%.2f-%.2f]".formatted(median(ratios), ratios[0], ratios[ratios.length - 1]);
    }

    private String verdict(String variant, List<Pair> pairs) {
        Double least = bars.get(variant);
        if (least == null) {
            return "";
        }
        double median = median(pairs.stream().mapToDouble(Pair::ratio).sorted().toArray());
        return "bar %.2f %s".formatted(least, median >= least ? "met" : "MISSED");
    }

    private static String row(String name, String ratio, List<Sample> samples, String note) {
        boolean hasCpu = samples.stream().anyMatch(sample -> sample.cpuMicros() > 0);
        return row(
                name,
                ratio,
                String.format(Locale.ROOT, "%,.0f", median(samples, Sample::rate)),
                hasCpu ? "%.1f".formatted(median(samples, Sample::cpuMicros)) : "-",
                hasCpu ? "%.2f".formatted(median(samples, Sample::cpuSecondsPerGibibyte)) : "-",
                "%.2f / %.2f".formatted(median(samples, Sample::p50Millis), median(samples, Sample::p99Millis)),
                note);
    }

    private static String row(Object... cells) {
        return "  %-26s %-18s %10s %11s %11s %16s  %s".formatted(cells).stripTrailing();
    }

    private static double median(List<Sample> samples, ToDoubleFunction<Sample> value) {
        return median(samples.stream().mapToDouble(value).sorted().toArray());
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
