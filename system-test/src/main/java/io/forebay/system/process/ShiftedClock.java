package io.forebay.system.process;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The wall clock of a process under test, once a `ClockAgent` has put it in the place of the JDK's: off by as
/// many milliseconds as a file says, at once when the file is written. Loaded by the JDK's own class loader.
public final class ShiftedClock {
    private static final long SECONDS_TO_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MILLIS_TO_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private static @Nullable MappedByteBuffer shift;

    private ShiftedClock() {}

    /// @param file eight bytes
    static void read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            shift = channel.map(FileChannel.MapMode.READ_ONLY, 0, Long.BYTES);
        }
    }

    /// In the place of `System.currentTimeMillis`.
    public static long currentTimeMillis() {
        MappedByteBuffer file = shift;
        return System.currentTimeMillis() + (file == null ? 0 : file.getLong(0));
    }

    /// In the place of the JDK's internal `VM.getNanoTimeAdjustment`, by which `java.time` reads the clock:
    /// nanoseconds since a second of the epoch.
    public static long getNanoTimeAdjustment(long second) {
        return currentTimeMillis() * MILLIS_TO_NANOS - second * SECONDS_TO_NANOS;
    }
}
