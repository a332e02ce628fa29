package io.forebay.bench.s3;

import io.forebay.bench.scenario.RunConfig;
import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import java.util.List;

/// Settings of the scenario `s3`.
public record S3Config(
        @Setting("How it runs.") RunConfig run,
        @Setting("Connections of reads.") @Default("32") int connections,

        @Setting("Size of a small object.") @Default("10KiB")
        DataSize small,

        @Setting("Small objects that are asked for again and again.") @Default("200")
        int hot,

        @Setting("Size of a large object.") @Default("1MiB") DataSize large,

        @Setting("Large objects.") @Default("64") int largeObjects,

        @Setting("Size of an object that is written with checksums.") @Default("8MiB")
        DataSize written,

        @Setting("Objects of the bucket that is listed.") @Default("1000000")
        int listed,

        @Setting("Rows to run: read, write, list, delete, hostile; without any, all.")
        List<String> only) {
    boolean runs(String row) {
        return only.isEmpty() || only.contains(row);
    }
}
