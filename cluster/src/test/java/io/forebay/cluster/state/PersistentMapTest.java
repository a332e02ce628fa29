package io.forebay.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PersistentMapTest {
    /// A key of which few hashes exist, many of them alike in their low bits.
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 7 * 0x0421_0421 ^ number % 3;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && key.number == number;
        }
    }

    @Test
    void randomChangesEqualThoseOfAHashMapAndLeaveEarlierMapsAlone() {
        Random random = new Random(21);
        for (int round = 0; round < 30; round++) {
            Map<Key, Integer> model = new HashMap<>();
            PersistentMap<Key, Integer> map = PersistentMap.empty();
            List<PersistentMap<Key, Integer>> maps = new ArrayList<>();
            List<Map<Key, Integer>> models = new ArrayList<>();
            int keys = 1 + random.nextInt(200);
            for (int step = 0; step < 400; step++) {
                Key key = new Key(random.nextInt(keys));
                if (random.nextInt(5) < 2) {
                    model.remove(key);
                    map = map.without(key);
                } else {
                    model.put(key, step);
                    map = map.with(key, step);
                }
                assertThat(map.get(key)).isEqualTo(model.get(key));
                assertThat(map.size()).isEqualTo(model.size());
                if (step % 40 == 0) {
                    maps.add(map);
                    models.add(Map.copyOf(model));
                }
            }
            assertThat(maps).isEqualTo(models);
            assertThat(models).isEqualTo(maps);
            assertThat(map.hashCode()).isEqualTo(model.hashCode());
        }
    }

    @Test
    void spreadKeysAreFoundAndIterated() {
        PersistentMap<String, Integer> map = PersistentMap.empty();
        Map<String, Integer> model = new HashMap<>();
        for (int number = 0; number < 5000; number++) {
            map = map.with("key" + number, number);
            model.put("key" + number, number);
        }
        assertThat(map).isEqualTo(model).hasSize(5000).doesNotContainKey("key5000");
        for (int number = 0; number < 5000; number++) {
            map = map.without("key" + number);
        }
        assertThat(map).isSameAs(PersistentMap.empty()).isEmpty();
    }

    @Test
    void cannotBeModified() {
        PersistentMap<String, Integer> map =
                PersistentMap.<String, Integer>empty().with("a", 1);
        assertThat(PersistentMap.copyOf(map)).isSameAs(map);
        assertThat(map.without("b")).isSameAs(map);
        assertThatThrownBy(() -> map.put("b", 2)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove("a")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(2))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> PersistentMap.empty().entrySet().iterator().next())
                .isInstanceOf(NoSuchElementException.class);
    }
}
