package io.forebay.bench.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Numbers beside the floors that they are held to, pair of runs by pair of runs: a table of medians.
public final class Ratios {
    private final String title;
    private final String unit;
    private final Map<String, List<Pair>> rows = new LinkedHashMap<>();
    private final Map<String, Bar> bars = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();

    /// Which side of a bar is the good one.
    public enum Side {
        AT_LEAST("at least"),
        AT_MOST("at most");

        private final String words;

        Side(String words) {
            this.words = words;
        }

        boolean holds(double value, double bar) {
            return this == AT_LEAST ? value >= bar : value <= bar;
        }
    }

    private record Bar(Side side, double value) {
        String verdict(double ratio) {
            return String.format(
                    Locale.ROOT, "%s %.2f: %s", side.words, value, side.holds(ratio, value) ? "met" : "MISSED");
        }
    }

    private record Pair(double ours, double floor) {
        double ratio() {
            return ours / floor;
        }
    }

    /// @param unit of both columns
    public Ratios(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /// One pair of runs.
    ///
    /// @param row what is compared with which floor
    public Ratios add(String row, double ours, double floor) {
        rows.computeIfAbsent(row, name -> new ArrayList<>()).add(new Pair(ours, floor));
        return this;
    }

    /// Says which ratio a row is held to.
    public Ratios bar(String row, Side side, double value) {
        bars.put(row, new Bar(side, value));
        return this;
    }

    /// A line below the table.
    public void note(String line) {
        notes.add(line);
    }

    public String text() {
        StringBuilder out = new StringBuilder(title).append('\n');
        out.append(line("", "ratio [range]", "ours", "floor", unit));
        rows.forEach((name, pairs) -> {
            double[] ratios = sorted(pairs, Pair::ratio);
            Bar bar = bars.get(name);
            out.append(line(
                    name,
                    String.format(
                            Locale.ROOT, "%.2f [%.2f-%.2f]", median(ratios), ratios[0], ratios[ratios.length - 1]),
                    number(median(sorted(pairs, Pair::ours))),
                    number(median(sorted(pairs, Pair::floor))),
                    bar == null ? "" : bar.verdict(median(ratios))));
        });
        notes.forEach(note -> out.append("  ").append(note).append('\n'));
        return out.toString();
    }

    /// A number with as many digits as it deserves.
    public static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.2f" : "%,.0f", value);
    }

    public static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static double[] sorted(List<Pair> pairs, ToDoubleFunction<Pair> value) {
        double[] values = pairs.stream().mapToDouble(value).toArray();
        Arrays.sort(values);
        return values;
    }

    private static String line(String name, String ratio, String ours, String floor, String note) {
        return "  %-52s %-20s %12s %12s  %s"
                        .formatted(name, ratio, ours, floor, note)
                        .stripTrailing() + "\n";
    }
}
