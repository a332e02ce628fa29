package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.StoreException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexMemoryTest {
    private static final int BATCH = 2000;
    private static final int ROUNDS = 100;
    private static final int SMALL_TEXT = 100;
    private static final int LARGE_TEXT = 8000;

    /*
     * What the cache may hold beyond its bound: it makes room only when a block or a piece of entries is put in, and a
     * shard of it whose blocks are all in use or entries takes one more all the same. Seven families of two indexes
     * charge pieces of 256 KiB, of which the last is not full, and give them back late: 1/16 of 32 MiB is eight pieces.
     */
    private static final int TOLERANCE_DIVISOR = 16;

    @TempDir
    private Path folder;

    @Test
    void twoIndexesStayInTheOneSetting() {
        IndexConfig config = config("memory", "32MiB");
        try (IndexMemory memory = new IndexMemory(config, 2);
                Index one = Index.open(folder.resolve("one"), memory);
                Index two = Index.open(folder.resolve("two"), memory)) {
            Random random = new Random(1);
            long most = 0;
            for (int round = 0; round < ROUNDS; round++) {
                for (Index index : List.of(one, two)) {
                    fill(index, round, random);
                    if (index.unflushedBytes() > index.flushBytes()) {
                        index.beginFlush();
                    }
                    for (int id = 0; id < 300; id++) {
                        assertThat(index.find(key(random.nextInt((round + 1) * BATCH))))
                                .isNotNull();
                    }
                    assertThat(memory.cachedBytes())
                            .as("blocks and all entries")
                            .isGreaterThanOrEqualTo(one.unflushedBytes() + two.unflushedBytes());
                    most = Math.max(most, memory.usedBytes());
                }
            }
            assertThat(one.largeRecordBytes()).isBetween(1L << 20, config.largeBytes() / 2);
            long bound = memory.limitBytes();
            // The data are several times the memory: it is really used.
            assertThat(most).isBetween(bound * 3 / 4, bound + bound / TOLERANCE_DIVISOR);
        }
    }

    @Test
    void sharesAreDividedByTheVolumes() {
        IndexConfig config = config("memory", "32MiB");
        try (IndexMemory memory = new IndexMemory(config, 2);
                Index one = Index.open(folder.resolve("one"), memory)) {
            long half = config.hotBytes() / 2;
            assertThat(one.hotTableBytes()).isBetween(half - 1024, half);
            Index two = Index.open(folder.resolve("two"), memory);
            assertThat(two.hotTableBytes()).isEqualTo(one.hotTableBytes());
            assertThat(one.flushBytes()).isEqualTo(config.flushBytes(2));
            try (Index late = Index.open(folder.resolve("late"), memory)) {
                assertThat(one.flushBytes()).isEqualTo(config.flushBytes(3));
                assertThat(late.hotTableBytes()).isLessThanOrEqualTo(64 << 10);
            }
            two.close();
            assertThat(memory.usedBytes()).isEqualTo(memory.cachedBytes() + one.hotTableBytes());
            try (Index again = Index.open(folder.resolve("two"), memory)) {
                assertThat(again.hotTableBytes()).isEqualTo(one.hotTableBytes());
            }
        }
    }

    @Test
    void anIndexIsFlushedAtItsPartOfTheMemory() {
        IndexConfig roomy = config("memory", "240MiB");
        assertThat(roomy.flushBytes(1)).isEqualTo(16 << 20);
        assertThat(roomy.flushBytes(4)).isEqualTo(roomy.cacheBytes() / 16);
        assertThat(config("memory", "4MiB").flushBytes(2)).isEqualTo(1 << 20);
    }

    @Test
    void tooLittleMemoryIsRefused() {
        IndexConfig config = config("memory", "4MiB");
        assertThatThrownBy(() -> new IndexMemory(config, 3))
                .isInstanceOf(StoreException.class)
                .hasMessage("index memory 4MiB is too little for 3 volumes: it must be at least 2MiB for each");
        try (IndexMemory memory = new IndexMemory(config, 1);
                Index one = Index.open(folder.resolve("one"), memory);
                Index late = Index.open(folder.resolve("late"), memory)) {
            assertThat(one.flushBytes()).isEqualTo(late.flushBytes()).isEqualTo(1 << 20);
            assertThatThrownBy(() -> Index.open(folder.resolve("later"), memory))
                    .hasMessageContaining("too little for 3 volumes");
        }
        assertThatThrownBy(() -> config("hot-share", "70%")).hasMessageContaining("must leave a quarter of memory");
    }

    private static IndexConfig config(String key, String value) {
        return Settings.of(IndexConfig.class).bind(Map.of(key, value));
    }

    private static void fill(Index index, int round, Random random) {
        IndexBatch batch = index.batch();
        for (int id = 0; id < BATCH; id++) {
            batch.put(Family.CURRENT, key(round * BATCH + id), record(id % 50 == 0 ? LARGE_TEXT : SMALL_TEXT, random));
        }
        index.write(batch, List.of(), List.of());
    }

    private static byte[] record(int textBytes, Random random) {
        byte[] text = new byte[textBytes / 2];
        random.nextBytes(text);
        Map<String, String> metadata = Map.of("text", HexFormat.of().formatHex(text));
        return new RecordDraft(10, 0, 0, 1, List.of(), null, null, Map.of(), metadata, null, List.of()).encode();
    }

    private static byte[] key(int id) {
        return ByteBuffer.allocate(16).putLong(7).putLong(id).array();
    }
}
