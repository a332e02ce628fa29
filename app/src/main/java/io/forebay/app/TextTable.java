package io.forebay.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Lines of cells in columns that are as wide as their widest cell, for people.
final class TextTable {
    private final Set<Integer> numbers;
    private final List<List<String>> lines = new ArrayList<>();

    /// @param numbers the columns that are aligned to the right
    TextTable(List<String> titles, Set<Integer> numbers) {
        this.numbers = Set.copyOf(numbers);
        lines.add(titles);
    }

    void add(List<String> cells) {
        lines.add(cells);
    }

    String text() {
        int[] widths = new int[lines.getFirst().size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(padded(line, widths)));
        return text.toString();
    }

    private String padded(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = line.get(column);
            String blank = " ".repeat(widths[column] - cell.length());
            text.append(numbers.contains(column) ? blank + cell : cell + blank).append("  ");
        }
        return text.toString().stripTrailing() + "\n";
    }

    /// With one digit behind the point from a kibibyte on, cut, not rounded.
    static String size(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
        int unit = 0;
        long tenths = bytes;
        while (unit < units.length - 1 && tenths >= (unit == 0 ? 1024 : 10_240)) {
            tenths = unit == 0 ? bytes * 10 / 1024 : tenths / 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : tenths / 10 + "." + tenths % 10 + " " + units[unit];
    }
}
