package io.forebay.app;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import java.util.ArrayList;
import java.util.List;

/// Volumes as a table for people: one line a volume, and one below it that says why it is not simply enabled.
final class VolumeTable {
    private static final List<String> TITLES = List.of(
            "NODE", "VOLUME", "STATE", "SIZE", "FREE", "USED", "LIVE", "OBJECTS", "TO MOVE", "ERRORS", "FOLDER");
    private static final int FIRST_NUMBER = 3;
    private static final int LAST_NUMBER = 9;

    private VolumeTable() {}

    static String of(VolumeLists lists) {
        List<List<String>> lines = new ArrayList<>(List.of(TITLES));
        List<String> remarks = new ArrayList<>();
        for (VolumeList node : lists.nodes()) {
            for (VolumeInfo volume : node.volumes()) {
                lines.add(line(node.node(), volume));
                if (!volume.reason().isEmpty()) {
                    remarks.add((volume.id().isEmpty() ? volume.path() : volume.id()) + ": " + volume.reason() + "\n");
                }
            }
        }
        StringBuilder text = new StringBuilder();
        int[] widths = widths(lines);
        lines.forEach(line -> text.append(padded(line, widths)));
        remarks.forEach(text::append);
        return text.toString();
    }

    private static List<String> line(String node, VolumeInfo volume) {
        String left = volume.objectsLeft() == 0 ? "-" : volume.objectsLeft() + " (" + size(volume.bytesLeft()) + ")";
        return List.of(
                node,
                volume.id().isEmpty() ? "-" : volume.id(),
                volume.state(),
                size(volume.totalBytes()),
                size(volume.freeBytes()),
                size(volume.usedBytes()),
                size(volume.liveBytes()),
                Long.toString(volume.objects()),
                left,
                Long.toString(volume.ioErrors()),
                volume.path());
    }

    private static int[] widths(List<List<String>> lines) {
        int[] widths = new int[TITLES.size()];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        return widths;
    }

    private static String padded(List<String> line, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = line.get(column);
            String blank = " ".repeat(widths[column] - cell.length());
            boolean number = column >= FIRST_NUMBER && column <= LAST_NUMBER;
            text.append(number ? blank + cell : cell + blank).append("  ");
        }
        return text.toString().stripTrailing() + "\n";
    }

    /// With one digit behind the point from a kibibyte on, cut, not rounded.
    private static String size(long bytes) {
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
