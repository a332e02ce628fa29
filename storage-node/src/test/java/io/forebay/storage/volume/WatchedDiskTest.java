package io.forebay.storage.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedDiskTest {
    private static final String IO_ERROR = "Input/output error";

    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final CapturedLog log = new CapturedLog();
    private FaultyDisk faulty;
    private WatchedDisk disk;

    @BeforeEach
    void open() throws IOException {
        faulty = new FaultyDisk(new LocalDisk(folder));
        disk = new WatchedDisk(faulty, nanos::get);
        disk.create("f").close();
    }

    @AfterEach
    void close() throws IOException {
        disk.close();
        log.close();
    }

    @Test
    void everyOperationThatFailsIsCounted() throws IOException {
        try (DiskFile file = disk.open("f", Disk.Access.WRITE)) {
            faulty.fail(IO_ERROR, (operation, path) -> true);
            List<ThrowingCallable> reads = List.of(
                    () -> disk.open("f", Disk.Access.READ).close(),
                    () -> disk.list(""),
                    () -> file.read(0, ByteBuffer.allocateDirect(1)));
            List<ThrowingCallable> writes = List.of(
                    () -> disk.create("g").close(),
                    () -> disk.createFolder("d"),
                    () -> disk.rename("f", "g"),
                    () -> disk.remove("f"),
                    () -> disk.syncFolder(""),
                    () -> file.write(0, new ByteBuffer[] {ByteBuffer.allocateDirect(1)}),
                    file::sync);
            reads.forEach(read -> assertThatThrownBy(read).hasMessage(IO_ERROR));
            assertThat(disk.readErrors()).isEqualTo(reads.size());
            assertThat(disk.writeErrors()).isZero();
            writes.forEach(write -> assertThatThrownBy(write).hasMessage(IO_ERROR));
            assertThat(disk.writeErrors()).isEqualTo(writes.size());
            assertThat(disk.lastError()).isEqualTo("cannot sync f: " + IO_ERROR);
        }
    }

    @Test
    void oneFailureOfEachKindIsLoggedEveryTenSeconds() {
        faulty.fail(IO_ERROR, (operation, path) -> true);
        for (int round = 0; round < 100; round++) {
            assertThatThrownBy(() -> disk.remove("f")).hasMessage(IO_ERROR);
            assertThatThrownBy(() -> disk.list("")).hasMessage(IO_ERROR);
        }
        assertThat(log.take())
                .containsExactly(
                        "WARNING the disk of volume " + folder + " fails: cannot remove f: " + IO_ERROR,
                        "WARNING the disk of volume " + folder + " fails: cannot list : " + IO_ERROR);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThatThrownBy(() -> disk.remove("f")).hasMessage(IO_ERROR);
        assertThat(log.take()).hasSize(1);
    }

    @Test
    void aFullDiskHasNotFailed() {
        for (String full : List.of("No space left on device", "Disk quota exceeded")) {
            faulty.fail(full, (operation, path) -> operation.equals("create"));
            assertThatThrownBy(() -> disk.create("g").close()).hasMessage(full);
        }
        assertThat(disk.fullErrors()).isEqualTo(2);
        assertThat(disk.writeErrors()).isZero();
        assertThat(disk.lastError()).isEmpty();
        assertThat(log.lines()).hasSize(1).allMatch(line -> line.endsWith("cannot create g: No space left on device"));
    }

    @Test
    void tooManyOpenFilesAreNoFailureOfTheDisk() {
        for (String text : List.of("Too many open files", "Too many open files in system")) {
            faulty.fail(text, (operation, path) -> operation.equals("open"));
            assertThatThrownBy(() -> disk.open("f", Disk.Access.READ).close()).hasMessage(text);
        }
        assertThat(disk.limitErrors()).isEqualTo(2);
        assertThat(disk.readErrors()).isZero();
        assertThat(disk.lastError()).isEmpty();
        assertThat(log.lines())
                .containsExactly("WARNING too many files are open for volume " + folder
                        + ": cannot open f: Too many open files");
    }

    @Test
    void whatIsOrIsNotThereIsNoFailure() {
        assertThatThrownBy(() -> disk.open("nothing", Disk.Access.READ).close())
                .isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.create("f").close()).isInstanceOf(FileAlreadyExistsException.class);
        assertThat(disk.readErrors() + disk.writeErrors() + disk.fullErrors()).isZero();
        assertThat(log.lines()).isEmpty();
    }
}
