package io.forebay.system.owners;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.system.server.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Random rows of clients' operations on storage nodes whose owners change, against what the clients may be told.
///
/// The choices of a row follow its seed; threads do not, so a row that failed may have to be done more than once.
/// `-Dseed=` begins with that seed, `-Drows=` says how many rows there are, `-Dseconds=` for how long new ones begin;
/// `scripts/fuzz --owners` sets all three.
final class OwnersFuzzTest {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int ROWS = Integer.getInteger("rows", 12);
    private static final long SECONDS = Long.getLong("seconds", 20);

    @TempDir
    private Path folder;

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void clientsAreToldWhatCanBeWhileOwnersChange() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        int operations = 0;
        int rows = 0;
        while (rows < ROWS && (rows == 0 || System.nanoTime() < deadline)) {
            Path row = Files.createDirectory(folder.resolve("row" + rows));
            operations += new OwnersRow(SEED + rows, row).run();
            Scratch.delete(row);
            rows++;
        }
        System.out.printf("owners fuzz: %,d rows from seed %d, %,d operations%n", rows, SEED, operations);
        assertThat(operations).isPositive();
    }
}
