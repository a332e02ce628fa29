package io.forebay.bench.storage;

import io.forebay.bench.scenario.RunConfig;
import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import java.time.Duration;
import java.util.List;

/// Settings of the scenario `storage`.
public record StorageConfig(
        @Setting("How it runs.") RunConfig run,

        @Setting("Rows to run, separated by commas; all of them when empty.")
        List<String> only,

        @Setting("Whether to run with a fiftieth of everything, to see that it works.") @Default("false")
        boolean quick,

        @Setting("Folder for the data; one of the build when empty.") @Default("")
        String folder,

        @Setting("Settings of the store where it is measured without a server, KEY=VALUE, separated by commas.")
        List<String> store,

        @Setting("Writers at a time.") @Default("64") int writers,

        @Setting("Size of a small object.") @Default("10KiB")
        DataSize size,

        @Setting("Objects that row get reads.") @Default("200000")
        int getObjects,

        @Setting("Objects that rows list and scan list.") @Default("1000000")
        int listObjects,

        @Setting("Objects that row many writes.") @Default("10000000")
        long manyObjects,

        @Setting("Objects that a server of row restart has, several counts.") @Default("100000,1000000")
        List<String> restartObjects,

        @Setting("Parts of the object of row parts.") @Default("10000")
        int parts,

        @Setting("Settings of the store that keep its compaction from running, for row overwrite.")
        @Default("compaction.needed-share=10%,compaction.removal-share=100%")
        List<String> stillStore,

        @Setting("Objects that row overwrite writes again and again.") @Default("50000")
        int overwriteObjects) {
    private static final int QUICK_SHARE = 50;
    private static final Duration QUICK_TIME = Duration.ofMillis(300);

    int pairs() {
        return quick ? 1 : run.pairs();
    }

    Duration time() {
        return quick ? QUICK_TIME : run.time();
    }

    Duration warmUp() {
        return quick ? QUICK_TIME : run.warmUp();
    }

    /// A count as it is used in this run.
    long count(long full) {
        return quick ? Math.max(1, full / QUICK_SHARE) : full;
    }

    int count(int full) {
        return (int) count((long) full);
    }

    int sizeBytes() {
        return Math.toIntExact(size.bytes());
    }
}
