package io.forebay.bench.storage;

import io.forebay.bench.scenario.Report;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One row of the scenario that measures the store by its own API, in this process.
///
/// @param folder that is the row's own, and empty
record Row(StorageConfig config, Path folder, Report report) {
    private static final long MEBIBYTE = 1 << 20;

    /// Runs the row of that name.
    void run(String name) {
        switch (name) {
            case "put" -> new PutRow(this).run();
            case "get" -> new GetRow(this).run();
            case "many" -> new ManyRow(this).run();
            case "parts" -> new PartsRow(this).run();
            case "overwrite" -> new OverwriteRow(this).run();
            default -> throw new IllegalArgumentException("no row " + name);
        }
    }

    /// Where a volume of this row is.
    Path volume() {
        return folder.resolve("volume");
    }

    MeasuredStore openStore(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(config.store());
        return MeasuredStore.open(volume(), all);
    }

    /// Heap that is still used after a collection, in MiB.
    static long liveHeapMebibytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed() / MEBIBYTE;
    }
}
