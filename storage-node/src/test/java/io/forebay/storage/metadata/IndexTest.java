package io.forebay.storage.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexTest {
    private static final IndexConfig CONFIG =
            Settings.of(IndexConfig.class).bind(Map.of("memory", "4MiB", "hot-share", "2%", "write-buffer", "1MiB"));

    @TempDir
    private Path folder;

    private IndexMemory memory;
    private Index index;

    @BeforeEach
    void open() {
        memory = new IndexMemory(CONFIG);
        index = Index.open(folder.resolve("index"), memory);
    }

    @AfterEach
    void close() {
        index.close();
        memory.close();
    }

    @Test
    void batchesAreVisibleInEveryFamily() {
        IndexBatch batch = index.batch();
        for (Family family : Family.values()) {
            batch.put(family, key(1), value(family.code()));
            batch.put(family, key(2), value(0));
            batch.remove(family, key(2));
        }
        index.write(batch, List.of(), List.of());
        for (Family family : Family.values()) {
            assertThat(index.find(family, key(1))).isEqualTo(value(family.code()));
            assertThat(index.find(family, key(2))).isNull();
        }
    }

    @Test
    void manyAreFoundAtOnceInTheirOrder() {
        int count = 1100;
        List<byte[]> keys = new ArrayList<>();
        for (int id = count; id > 0; id--) {
            keys.add(key(id));
            if (id % 3 != 0) {
                put(id, valueOfSomeLength(id));
            }
            if (id == 100) {
                index.flush();
            }
        }
        List<byte @Nullable []> found = index.findAll(Family.CURRENT, keys);
        assertThat(found).hasSize(count);
        for (int at = 0; at < count; at++) {
            int id = count - at;
            assertThat(found.get(at)).isEqualTo(id % 3 == 0 ? null : valueOfSomeLength(id));
        }
        assertThat(index.findAll(Family.PARTS, keys)).hasSize(count).containsOnlyNulls();
        assertThat(index.findAll(Family.CURRENT, List.of())).isEmpty();
    }

    /// Every seventh is longer than most.
    private static byte[] valueOfSomeLength(int id) {
        return id % 7 == 0 ? Arrays.copyOf(value(id), 5000 + id) : value(id);
    }

    @Test
    void filesAreCompressedByLz4AndHaveFilters() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("index"))) {
            Path options = files.filter(path -> path.getFileName().toString().startsWith("OPTIONS-"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            assertThat(Files.readString(options))
                    .contains("compression=kLZ4Compression", "filter_policy=bloomfilter:10", "atomic_flush=true")
                    .doesNotContain("compression=kSnappyCompression", "filter_policy=nullptr");
        }
    }

    @Test
    void longKeysAndValuesFitABatch() {
        IndexBatch batch = index.batch();
        byte[] key = new byte[5000];
        byte[] value = new byte[300_000];
        Arrays.fill(value, (byte) 7);
        batch.put(Family.CURRENT, key, value);
        index.write(batch, List.of(key), Collections.singletonList(value));
        assertThat(index.find(Family.CURRENT, key)).isEqualTo(value);
    }

    @Test
    void onlyWhatWasFlushedOutlivesACrash() {
        put(1, value(1));
        index.flush();
        put(2, value(2));
        index.close();
        index = Index.open(folder.resolve("index"), memory);
        assertThat(index.find(Family.CURRENT, key(1))).isEqualTo(value(1));
        assertThat(index.find(Family.CURRENT, key(2))).isNull();
    }

    @Test
    void answersFromMemoryFollowCommits() {
        put(1, value(1));
        assertThat(index.findNow(key(1))).isInstanceOf(Index.Lookup.Hit.class);
        assertThat(index.findNow(key(9))).isInstanceOf(Index.Lookup.Miss.class);
        put(1, value(2));
        assertThat(index.findNow(key(1)))
                .isInstanceOfSatisfying(
                        Index.Lookup.Hit.class,
                        hit -> assertThat(hit.record().size()).isEqualTo(2));
        IndexBatch batch = index.batch();
        batch.remove(Family.CURRENT, key(1));
        index.write(batch, List.of(key(1)), Collections.singletonList(null));
        assertThat(index.findNow(key(1))).isInstanceOf(Index.Lookup.Miss.class);
        assertThat(index.find(key(1))).isNull();
    }

    @Test
    void whatIsOnDiskOnlyIsUnknownWithoutWaiting() {
        put(1, value(1));
        index.flush();
        index.close();
        memory.close();
        memory = new IndexMemory(CONFIG);
        index = Index.open(folder.resolve("index"), memory);
        assertThat(index.findNow(key(1))).isInstanceOf(Index.Lookup.Unknown.class);
        assertThat(index.find(key(1))).isNotNull();
        assertThat(index.findNow(key(1))).isInstanceOf(Index.Lookup.Hit.class);
    }

    @Test
    void cursorsSeeOneMomentAndStopAtTheirEnd() {
        for (int id = 1; id <= 5; id++) {
            put(id, value(id));
        }
        try (IndexCursor cursor = index.cursor(Family.CURRENT, key(4))) {
            put(2, value(99));
            List<Long> sizes = new ArrayList<>();
            for (cursor.seek(key(2)); cursor.isValid(); cursor.next()) {
                sizes.add(ObjectRecord.of(cursor.value()).size());
            }
            assertThat(sizes).containsExactly(2L, 3L);
        }
    }

    @Test
    void aClosedIndexAnswersNothing() {
        index.close();
        assertThatThrownBy(() -> index.find(key(1))).isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> index.find(Family.PARTS, key(1))).isInstanceOf(StoreException.class);
    }

    @Test
    void stateAndSpaceAreRemembered() {
        assertThat(LogState.read(index)).isNull();
        IndexBatch batch = index.batch();
        LogState state = new LogState(5, 4096, 77, 12, 1L << 40, 9);
        state.write(batch);
        SpaceTable.putSegment(batch, new SpaceTable.SegmentUse(5, 100, 20, 4, 90));
        SpaceTable.putSegment(batch, new SpaceTable.SegmentUse(6, 0, 0, 0, 0));
        SpaceTable.removeSegment(batch, 6);
        SpaceTable.putFile(batch, 9, 1);
        SpaceTable.putFile(batch, 10, 2);
        index.write(batch, List.of(), List.of());
        assertThat(LogState.read(index)).isEqualTo(state);
        assertThat(SpaceTable.hasFile(index, 9)).isTrue();
        assertThat(SpaceTable.hasFile(index, 8)).isFalse();
        assertThat(SpaceTable.fileOwners(index, 8)).isZero();
        assertThat(SpaceTable.fileOwners(index, 9)).isOne();
        assertThat(SpaceTable.fileOwners(index, 10)).isEqualTo(2);
        List<SpaceTable.SegmentUse> segments = new ArrayList<>();
        SpaceTable.readSegments(index, segments::add);
        assertThat(segments).containsExactly(new SpaceTable.SegmentUse(5, 100, 20, 4, 90));
    }

    private void put(long id, byte[] value) {
        IndexBatch batch = index.batch();
        batch.put(Family.CURRENT, key(id), value);
        index.write(batch, List.of(key(id)), Collections.singletonList(value));
    }

    private static byte[] key(long id) {
        return ByteBuffer.allocate(16).putLong(1).putLong(id).array();
    }

    private static byte[] value(long size) {
        return new RecordDraft(size, 1, 1, 1, List.of(), null, null, Map.of(), Map.of(), null, List.of()).encode();
    }
}
