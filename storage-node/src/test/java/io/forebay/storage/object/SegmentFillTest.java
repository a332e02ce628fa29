package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Durability;
import io.forebay.storage.volume.Segment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SegmentFillTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final int OBJECT_BYTES = 10_000;

    @TempDir
    private Path folder;

    @Test
    void everyStartKnowsHowFullTheSegmentsAre() throws IOException {
        Path volume = folder.resolve("volume");
        Path index = volume.resolve(VolumeStore.INDEX_FOLDER);
        SortedMap<Long, Long> filled;
        try (StoreFixture fixture = StoreFixture.stepped(volume, Map.of())) {
            fill(fixture, 0);
            fixture.settle();
            fill(fixture, 1);
            filled = filled(fixture);
            LiveTree.copy(volume, folder.resolve("killed"), file -> true);
            LiveTree.copy(volume, folder.resolve("bare"), file -> !file.startsWith(index));
            assertThat(filled).hasSizeGreaterThan(4);
            long last = filled.lastKey();
            filled.forEach((id, bytes) -> {
                if (id < last) {
                    assertThat(bytes).as("segment %s", id).isBetween((1L << 20) - 2 * OBJECT_BYTES, 1L << 20);
                } else {
                    assertThat(bytes).as("the one that takes more").isZero();
                }
            });
            fixture.restart();
            assertThat(filled(fixture)).as("after a restart").isEqualTo(filled);
        }
        for (String crash : new String[] {"killed", "bare"}) {
            try (StoreFixture fixture = StoreFixture.stepped(folder.resolve(crash), Map.of())) {
                assertThat(filled(fixture)).as(crash).isEqualTo(filled);
                fixture.restart();
                assertThat(filled(fixture)).as("%s, once more", crash).isEqualTo(filled);
            }
        }
    }

    private static void fill(StoreFixture fixture, int round) {
        for (int id = 0; id < 250; id++) {
            fixture.put(BUCKET, "key-" + round + "-" + id, bytes(id, OBJECT_BYTES));
        }
    }

    private static SortedMap<Long, Long> filled(StoreFixture fixture) {
        SortedMap<Long, Long> filled = new TreeMap<>();
        for (Segment segment :
                fixture.store().volumes().all().getFirst().volume().segments().all()) {
            filled.put(segment.id(), segment.filledBytes());
        }
        return filled;
    }
}
