package io.forebay.bench.scenario;

import io.forebay.bench.load.BodyBytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/// What a disk gives to a writer that syncs every object by itself: the price that group commit is to beat.
public enum SyncFloor {
    /// Appends to one file and syncs its data after each object: the least that one sync each can cost.
    APPEND {
        @Override
        void write(Path folder, FileChannel log, long number, ByteBuffer bytes) throws IOException {
            writeAll(log, bytes);
            log.force(false);
        }
    },
    /// A file for each object, synced and renamed into place, then its folder synced: what a store of plain files does.
    FILE {
        @Override
        void write(Path folder, FileChannel log, long number, ByteBuffer bytes) throws IOException {
            Path temporary = folder.resolve("new");
            try (FileChannel file = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(file, bytes);
                file.force(false);
            }
            Files.move(temporary, folder.resolve("o" + number), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    };

    abstract void write(Path folder, FileChannel log, long number, ByteBuffer bytes) throws IOException;

    /// Writes objects of that size one after the other for some time.
    public Sample run(Path folder, int objectBytes, Duration time) {
        BodyBytes body = new BodyBytes(objectBytes, objectBytes);
        Histogram latencies = new Histogram(3);
        try (FileChannel log =
                FileChannel.open(folder.resolve("log"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            long start = System.nanoTime();
            long now = start;
            for (long number = 0; now - start < time.toNanos(); number++) {
                write(folder, log, number, body.numbered(number));
                long end = System.nanoTime();
                latencies.recordValue(end - now);
                now = end;
            }
            return new Sample(
                    latencies.getTotalCount() / ((now - start) / 1e9),
                    0,
                    objectBytes,
                    latencies.getValueAtPercentile(50) / 1e6,
                    latencies.getValueAtPercentile(99) / 1e6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
