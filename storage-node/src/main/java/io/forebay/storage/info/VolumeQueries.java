package io.forebay.storage.info;

import io.forebay.storage.object.VolumeStatus;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The volumes in AIStore's words: mountpaths and their capacity.
final class VolumeQueries {
    private VolumeQueries() {}

    /// The mountpaths by whether they serve; one that is drained is `waiting_dd`, waiting to be detached or disabled.
    static Map<String, Object> mountpaths(List<VolumeStatus> volumes) {
        List<String> available = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        List<String> disabled = new ArrayList<>();
        for (VolumeStatus volume : volumes) {
            (switch (volume.state()) {
                        case ENABLED -> available;
                        case DRAINING -> waiting;
                        case DISABLED, FAILED -> disabled;
                    })
                    .add(volume.path());
        }
        Map<String, Object> lists = new LinkedHashMap<>();
        lists.put("available", available);
        lists.put("waiting_dd", waiting);
        lists.put("disabled", disabled);
        return lists;
    }

    /// Tcdf: capacity of each volume that serves, and of all.
    ///
    /// @param diskOf the disk that a folder is on, or an empty text
    static Map<String, Object> capacity(List<VolumeStatus> volumes, Function<Path, String> diskOf) {
        Map<String, Object> mountpaths = new LinkedHashMap<>();
        long used = 0;
        long available = 0;
        int least = 100;
        int most = 0;
        int sum = 0;
        for (VolumeStatus volume : volumes) {
            if (volume.totalBytes() > 0) {
                int percent = percentUsed(volume);
                mountpaths.put(volume.path(), mountpath(volume, percent, diskOf));
                used += volume.usedBytes();
                available += volume.freeBytes();
                least = Math.min(least, percent);
                most = Math.max(most, percent);
                sum += percent;
            }
        }
        boolean none = mountpaths.isEmpty();
        Map<String, Object> capacity = new LinkedHashMap<>();
        capacity.put("mountpaths", mountpaths);
        capacity.put("cs_err", "");
        capacity.put("total_used", Long.toString(used));
        capacity.put("total_avail", Long.toString(available));
        capacity.put("pct_max", most);
        capacity.put("pct_avg", none ? 0 : sum / mountpaths.size());
        capacity.put("pct_min", none ? 0 : least);
        return capacity;
    }

    private static Map<String, Object> mountpath(VolumeStatus volume, int percent, Function<Path, String> diskOf) {
        Path folder = Path.of(volume.path());
        String disk = diskOf.apply(folder);
        Map<String, Object> mountpath = new LinkedHashMap<>();
        mountpath.put("mountpath_label", "");
        mountpath.put("fs", fileSystem(folder));
        mountpath.put("disks", disk.isEmpty() ? List.of() : List.of(disk));
        mountpath.put("used", Long.toString(volume.usedBytes()));
        mountpath.put("avail", Long.toString(volume.freeBytes()));
        mountpath.put("pct_used", percent);
        return mountpath;
    }

    private static Map<String, Object> fileSystem(Path folder) {
        Map<String, Object> fileSystem = new LinkedHashMap<>();
        try {
            FileStore store = Files.getFileStore(folder);
            fileSystem.put("Fs", store.name());
            fileSystem.put("FsType", store.type());
        } catch (IOException notThere) {
            fileSystem.put("Fs", folder.toString());
            fileSystem.put("FsType", "");
        }
        fileSystem.put("FsID", "0,0");
        return fileSystem;
    }

    private static int percentUsed(VolumeStatus volume) {
        return (int) (100 * volume.usedBytes() / volume.totalBytes());
    }
}
