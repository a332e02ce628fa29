package io.forebay.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClockCallsTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    @TempDir
    private Path scratch;

    /// Reads the clock by a call and by a reference to the method.
    public static final class Reader implements LongSupplier {
        private final LongSupplier clock = System::currentTimeMillis;
        private final long constant = 1L << 40;

        @Override
        public long getAsLong() {
            long first = System.currentTimeMillis();
            long second = clock.getAsLong();
            return Math.max(Math.min(first, second), second - constant);
        }
    }

    @Test
    void redirectedClassReadsTheShiftedClock() throws ReflectiveOperationException, IOException {
        Path file = Files.write(
                scratch.resolve("clock"),
                ByteBuffer.allocate(Long.BYTES).putLong(-HOUR).array());
        ShiftedClock.read(file);
        byte[] redirected = Objects.requireNonNull(ClockCalls.redirected(bytes(Reader.class)));
        Class<?> type = new Loader().define(Reader.class.getName(), redirected);
        LongSupplier reader = (LongSupplier) type.getDeclaredConstructor().newInstance();
        long before = System.currentTimeMillis();
        long told = reader.getAsLong();
        assertThat(told).isBetween(before - HOUR, System.currentTimeMillis() - HOUR);
        // The file is read at each call.
        Files.write(file, ByteBuffer.allocate(Long.BYTES).putLong(HOUR).array());
        assertThat(reader.getAsLong()).isGreaterThanOrEqualTo(before + HOUR);
    }

    @Test
    void classThatDoesNotReadTheClockIsLeftAlone() throws IOException {
        assertThat(ClockCalls.redirected(bytes(ClockCallsTest.Loader.class))).isNull();
    }

    private static byte[] bytes(Class<?> type) throws IOException {
        String name = type.getName();
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private static final class Loader extends ClassLoader {
        Loader() {
            super(ClockCallsTest.class.getClassLoader());
        }

        Class<?> define(String name, byte[] bytes) {
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
