package io.forebay.bench.feed;

import io.forebay.bench.scenario.RunConfig;
import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.util.List;

/// Settings of the scenario `feed`.
public record FeedConfig(
        @Setting("How it runs.") RunConfig run,

        @Setting("Rows to run: batch, members, archive, names; without any, all.")
        List<String> only,

        @Setting("Entries of a batch.") @Default("256") int entries,

        @Setting("Size of an object and of a member.") @Default("10KiB")
        DataSize size,

        @Setting("Objects that are read in random order.") @Default("20000")
        int objects,

        @Setting("Size of the archive whose members are read in random order.") @Default("1GiB")
        DataSize shard,

        @Setting("Connections of reads that are not one after the other.") @Default("32")
        int connections,

        @Setting("Members of the archive that is listed, and objects that are listed beside it.") @Default("1000000")
        int listed,

        @Setting("Entries of a page of a listing.") @Default("1000")
        int page) {
    private static final List<String> ROWS = List.of("batch", "members", "archive", "names");

    public FeedConfig {
        for (String row : only) {
            Check.argument(ROWS.contains(row), "there is no row %s, only %s", row, ROWS);
        }
        Check.argument(entries >= 1, "entries must be at least 1, not %s", entries);
        Check.argument(listed >= page, "listed must be at least page, %s, not %s", page, listed);
    }

    boolean runs(String row) {
        return only.isEmpty() || only.contains(row);
    }

    int sizeBytes() {
        return Math.toIntExact(size.bytes());
    }
}
