package io.forebay.app;

import io.forebay.protocol.api.VolumeInfo;
import io.forebay.protocol.api.VolumeList;
import io.forebay.protocol.api.VolumeLists;
import java.util.List;
import java.util.Set;

/// Volumes as a table for people: one line a volume, and one below it that says why it is not simply enabled.
final class VolumeTable {
    private static final List<String> TITLES = List.of(
            "NODE", "VOLUME", "STATE", "SIZE", "FREE", "USED", "LIVE", "OBJECTS", "TO MOVE", "ERRORS", "FOLDER");
    private static final Set<Integer> NUMBERS = Set.of(3, 4, 5, 6, 7, 8, 9);

    private VolumeTable() {}

    static String of(VolumeLists lists) {
        TextTable table = new TextTable(TITLES, NUMBERS);
        StringBuilder remarks = new StringBuilder();
        for (VolumeList node : lists.nodes()) {
            for (VolumeInfo volume : node.volumes()) {
                table.add(line(node.node(), volume));
                if (!volume.reason().isEmpty()) {
                    remarks.append(volume.id().isEmpty() ? volume.path() : volume.id())
                            .append(": ")
                            .append(volume.reason())
                            .append('\n');
                }
            }
        }
        return table.text() + remarks;
    }

    private static List<String> line(String node, VolumeInfo volume) {
        String left = volume.objectsLeft() == 0
                ? "-"
                : volume.objectsLeft() + " (" + TextTable.size(volume.bytesLeft()) + ")";
        return List.of(
                node,
                volume.id().isEmpty() ? "-" : volume.id(),
                volume.state(),
                TextTable.size(volume.totalBytes()),
                TextTable.size(volume.freeBytes()),
                TextTable.size(volume.usedBytes()),
                TextTable.size(volume.liveBytes()),
                Long.toString(volume.objects()),
                left,
                Long.toString(volume.ioErrors()),
                volume.path());
    }
}
