package io.forebay.storage.volume;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A file opened for reads that never wait for the disk: Linux's `preadv2` with `RWF_NOWAIT`.
///
/// The JDK has no such read and does not give out the descriptors of its files, so this has one of its own.
final class NowaitRead implements AutoCloseable {
    private static final int RWF_NOWAIT = 8;
    private static final int O_RDONLY_CLOEXEC = 0x80000;
    private static final int SEEK_END = 2;

    private static final @Nullable MethodHandle OPEN = openFunction();
    private static final @Nullable MethodHandle CLOSE = closeFunction();
    private static final @Nullable MethodHandle PREADV2 = preadv2Function();
    private static final @Nullable MethodHandle LSEEK = lseekFunction();

    private final int descriptor;

    private NowaitRead(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Opens a file, or returns null where the platform has no such read or the file cannot be opened.
    static @Nullable NowaitRead open(String path) {
        if (OPEN == null || CLOSE == null || PREADV2 == null || LSEEK == null) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(path), O_RDONLY_CLOEXEC);
            return descriptor < 0 ? null : new NowaitRead(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("calling open failed", e);
        }
    }

    /// Fills a direct buffer from that position on and returns true, if all its bytes are in the page cache;
    /// otherwise leaves its position.
    boolean read(long position, ByteBuffer target) {
        int length = target.remaining();
        if (PREADV2 == null || !target.isDirect()) {
            return false;
        }
        long[] vector = {MemorySegment.ofBuffer(target).address(), length};
        try {
            long count = (long) PREADV2.invokeExact(descriptor, MemorySegment.ofArray(vector), 1, position, RWF_NOWAIT);
            if (count != length) {
                return false;
            }
        } catch (Throwable e) {
            throw new IllegalStateException("calling preadv2 failed", e);
        } finally {
            Reference.reachabilityFence(target);
        }
        target.position(target.limit());
        return true;
    }

    int descriptor() {
        return descriptor;
    }

    /// Bytes of the file.
    long size() throws IOException {
        long size = -1;
        if (LSEEK != null) {
            try {
                // The descriptor's own position serves nothing else.
                size = (long) LSEEK.invokeExact(descriptor, 0L, SEEK_END);
            } catch (Throwable e) {
                throw new IllegalStateException("calling lseek failed", e);
            }
        }
        if (size < 0) {
            throw new IOException("cannot tell the size of an open file");
        }
        return size;
    }

    @Override
    public void close() {
        if (CLOSE == null) {
            return;
        }
        try {
            int ignored = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("calling close failed", e);
        }
    }

    private static @Nullable MethodHandle openFunction() {
        // Variadic in C: its third argument, the mode, is for files that are made.
        return function(
                "open",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
    }

    private static @Nullable MethodHandle closeFunction() {
        return function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }

    private static @Nullable MethodHandle preadv2Function() {
        // Critical: the call neither waits nor calls back, and takes its vector from the heap; without the option the
        // thread's change of state costs about as much as the read of a small object.
        return function(
                "preadv2",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT,
                        ValueLayout.ADDRESS,
                        ValueLayout.JAVA_INT,
                        ValueLayout.JAVA_LONG,
                        ValueLayout.JAVA_INT),
                Linker.Option.critical(true));
    }

    private static @Nullable MethodHandle lseekFunction() {
        return function(
                "lseek",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                Linker.Option.critical(false));
    }

    @SuppressWarnings("restricted") // What native access is enabled for.
    private static @Nullable MethodHandle function(
            String name, FunctionDescriptor descriptor, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        SymbolLookup lookup = linker.defaultLookup();
        return lookup.find(name)
                .map(address -> linker.downcallHandle(address, descriptor, options))
                .orElse(null);
    }
}
