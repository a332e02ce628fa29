package io.forebay.bench.micro;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import io.forebay.storage.volume.VolumeOwner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/// Finding one object of a store: in the table of hot entries, and in RocksDB where that table is too small.
public class IndexBenchmark extends MicroBenchmark {
    private static final int OBJECTS = 50_000;

    /// Share of the memory for the table of hot entries; the smaller holds nearly none of the objects.
    @Param({"27%", "0%"})
    public String hotShare = "";

    private final Bucket bucket =
            new Bucket(BucketName.of("bench"), 1, 0, new TreeMap<>(Map.of(Bucket.DURABILITY, "none")), false);
    private final String[] names = names();
    private int next;
    private @Nullable Path folder;
    private @Nullable ObjectStore store;

    @Setup
    public void fill() throws IOException {
        Path made = Files.createTempDirectory("forebay-bench");
        folder = made;
        StoreConfig config = Settings.of(StoreConfig.class).bind(Map.of("index.hot-share", hotShare));
        ObjectStore opened = ObjectStore.open(
                config,
                List.of(made),
                new VolumeOwner("bench", new NodeId("bench")),
                InstantSource.system(),
                new Metrics());
        store = opened;
        ByteBuffer bytes = ByteBuffer.allocateDirect(64);
        for (String name : names) {
            ObjectKey key = new ObjectKey(bucket.name(), name);
            try (WriteSession session = opened.begin(bucket, key, WriteOptions.ofLength(bytes.capacity()))) {
                session.write(bytes.duplicate());
                session.commit(Conditions.NONE);
            }
        }
    }

    @TearDown
    public void remove() throws IOException {
        if (store != null) {
            store.close();
        }
        if (folder != null) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    /// One object again and again.
    @Benchmark
    @Allocates(atMost = 400)
    public ReadOutcome findOne() {
        return find(names[0]);
    }

    /// Every object in turn.
    @Benchmark
    @Allocates(atMost = 600)
    public ReadOutcome findAny() {
        next = (next + 7919) % OBJECTS;
        return find(names[next]);
    }

    private ReadOutcome find(String name) {
        ObjectStore opened = store;
        if (opened == null) {
            throw new IllegalStateException("not open");
        }
        return opened.find(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED);
    }

    private static String[] names() {
        String[] names = new String[OBJECTS];
        for (int index = 0; index < OBJECTS; index++) {
            names[index] = "train/n%04d/image_%08d.jpeg".formatted(index / 1000, index);
        }
        return names;
    }
}
