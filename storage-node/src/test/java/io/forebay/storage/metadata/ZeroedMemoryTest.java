package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ZeroedMemoryTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 1024, 3 << 20})
    void isZeroAlignedAndGoneWithItsArena(long bytes) {
        MemorySegment kept;
        // Twice, so that the second may get back what the first has written.
        for (int round = 0; round < 2; round++) {
            try (Arena arena = Arena.ofShared()) {
                MemorySegment memory = ZeroedMemory.allocate(arena, bytes);
                assertThat(memory.byteSize()).isEqualTo(bytes);
                assertThat(memory.address() % 64).isZero();
                for (long at = 0; at < bytes; at++) {
                    if (memory.get(ValueLayout.JAVA_BYTE, at) != 0) {
                        throw new AssertionError("not zero at " + at);
                    }
                }
                memory.fill((byte) 7);
                kept = memory;
            }
            MemorySegment gone = kept;
            assertThatThrownBy(() -> gone.get(ValueLayout.JAVA_BYTE, 0)).isInstanceOf(IllegalStateException.class);
        }
    }
}
