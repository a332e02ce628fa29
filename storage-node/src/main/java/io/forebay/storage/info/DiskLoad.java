package io.forebay.storage.info;

import io.forebay.common.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What disks are at work on, from the counts that Linux keeps of them: between two looks that are a second
/// apart or more. Elsewhere there are no disks to tell of.
final class DiskLoad {
    /// Where Linux keeps the counts.
    static final Path COUNTS = Path.of("/proc/diskstats");

    private static final long SECTOR = 512;
    private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final Ticker ticker;
    private long lookedNanos;
    private Map<String, Counts> before;
    private Map<String, Load> loads = Map.of();

    /// @param file as `COUNTS`
    DiskLoad(Path file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        this.lookedNanos = ticker.nanos();
        this.before = read();
    }

    /// What one disk did since the system started.
    private record Counts(
            String device, long reads, long readSectors, long writes, long writtenSectors, long busyMillis) {}

    /// What one disk does in a second.
    ///
    /// @param busyPercent of the time
    record Load(long readBytes, long averageRead, long writtenBytes, long averageWrite, long busyPercent) {
        private static final Load NONE = new Load(0, 0, 0, 0, 0);

        private static Load between(Counts from, Counts to, long nanos) {
            double seconds = nanos / (double) TimeUnit.SECONDS.toNanos(1);
            long read = (to.readSectors() - from.readSectors()) * SECTOR;
            long written = (to.writtenSectors() - from.writtenSectors()) * SECTOR;
            double busy = (to.busyMillis() - from.busyMillis()) / (seconds * 10);
            return new Load(
                    Math.round(read / seconds),
                    read / Math.max(1, to.reads() - from.reads()),
                    Math.round(written / seconds),
                    written / Math.max(1, to.writes() - from.writes()),
                    Math.min(100, Math.round(busy)));
        }

        private Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("RBps", readBytes);
            json.put("Ravg", averageRead);
            json.put("WBps", writtenBytes);
            json.put("Wavg", averageWrite);
            json.put("Util", busyPercent);
            return json;
        }
    }

    /// `AllDiskStats` of these disks.
    synchronized Map<String, Object> json(Collection<String> disks) {
        long now = ticker.nanos();
        long nanos = now - lookedNanos;
        if (nanos >= LEAST_NANOS) {
            Map<String, Counts> counts = read();
            Map<String, Load> next = new HashMap<>();
            counts.forEach((name, to) -> next.put(name, Load.between(before.getOrDefault(name, to), to, nanos)));
            before = counts;
            loads = next;
            lookedNanos = now;
        }
        Map<String, Object> json = new TreeMap<>();
        for (String disk : disks) {
            if (before.containsKey(disk)) {
                json.put(disk, loads.getOrDefault(disk, Load.NONE).json());
            }
        }
        return json;
    }

    /// The disk, or part of one, that a folder's file system is on; empty when that is none, such as memory.
    synchronized String diskOf(Path folder) {
        try {
            if (!(Files.getAttribute(folder, "unix:dev") instanceof Long device)) {
                return "";
            }
            String number = major(device) + ":" + minor(device);
            for (Map.Entry<String, Counts> disk : before.entrySet()) {
                if (disk.getValue().device().equals(number)) {
                    return disk.getKey();
                }
            }
            return "";
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notToldHere) {
            return "";
        }
    }

    private Map<String, Counts> read() {
        Map<String, Counts> counts = new HashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                put(line, counts);
            }
        } catch (IOException | NumberFormatException notToldHere) {
            return Map.of();
        }
        return counts;
    }

    /// A line has: major, minor, name, reads, merged, sectors, millis, writes, merged, sectors, millis, now,
    /// busy millis.
    private static void put(String line, Map<String, Counts> counts) {
        StringTokenizer fields = new StringTokenizer(line);
        if (fields.countTokens() < 13) {
            return;
        }
        String device = fields.nextToken() + ":" + fields.nextToken();
        String name = fields.nextToken();
        long[] numbers = new long[10];
        for (int index = 0; index < numbers.length; index++) {
            numbers[index] = Long.parseLong(fields.nextToken());
        }
        counts.put(name, new Counts(device, numbers[0], numbers[2], numbers[4], numbers[6], numbers[9]));
    }

    private static long major(long device) {
        return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
    }

    private static long minor(long device) {
        return (device & 0xff) | (device >>> 12 & ~0xffL);
    }
}
