package io.forebay.storage.metadata;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Memory off the heap that is zero and costs nothing until it is used: an arena writes every byte of what it gives
/// out, which for tens of megabytes takes a noticeable part of a server's start. Source: calloc (C standard library).
@SuppressWarnings("restricted") // What native access is enabled for.
final class ZeroedMemory {
    private static final long ALIGNMENT = 64;

    private ZeroedMemory() {}

    /// That many bytes, aligned to 64, for as long as the arena is open.
    static MemorySegment allocate(Arena arena, long bytes) {
        Linker linker = Linker.nativeLinker();
        MemorySegment calloc = linker.defaultLookup().find("calloc").orElse(MemorySegment.NULL);
        MemorySegment free = linker.defaultLookup().find("free").orElse(MemorySegment.NULL);
        MemorySegment memory = MemorySegment.NULL;
        if (!calloc.equals(MemorySegment.NULL) && !free.equals(MemorySegment.NULL)) {
            memory = call(linker, calloc, bytes + ALIGNMENT);
        }
        if (memory.equals(MemorySegment.NULL)) {
            return arena.allocate(bytes, ALIGNMENT);
        }
        MethodHandle freeing = linker.downcallHandle(free, FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
        MemorySegment whole = memory.reinterpret(bytes + ALIGNMENT, arena, ended -> give(freeing, ended));
        return whole.asSlice(-whole.address() & (ALIGNMENT - 1), bytes);
    }

    private static MemorySegment call(Linker linker, MemorySegment calloc, long bytes) {
        MethodHandle allocating = linker.downcallHandle(
                calloc, FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
        try {
            return (MemorySegment) allocating.invokeExact(1L, bytes);
        } catch (Throwable e) {
            throw new IllegalStateException("calling calloc failed", e);
        }
    }

    private static void give(MethodHandle freeing, MemorySegment memory) {
        try {
            freeing.invokeExact(memory);
        } catch (Throwable e) {
            throw new IllegalStateException("calling free failed", e);
        }
    }
}
