package io.forebay.bench.storage;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.error.Check;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// An object store of one volume in this process, used by its API.
final class MeasuredStore implements AutoCloseable {
    private static final VolumeOwner OWNER = new VolumeOwner("bench", new NodeId("bench"));

    private final ObjectStore store;
    private final Metrics metrics;

    private MeasuredStore(ObjectStore store, Metrics metrics) {
        this.store = store;
        this.metrics = metrics;
    }

    /// Opens or makes a store in that folder.
    ///
    /// @param settings of the store, `KEY=VALUE`; the last of a key counts
    static MeasuredStore open(Path volume, List<String> settings) {
        return open(volume, settings, OWNER);
    }

    /// Opens the store of another owner.
    static MeasuredStore open(Path volume, List<String> settings, VolumeOwner owner) {
        Metrics metrics = new Metrics();
        return new MeasuredStore(
                ObjectStore.open(config(settings), List.of(volume), owner, InstantSource.system(), metrics), metrics);
    }

    /// The settings of a store that is opened with these.
    static StoreConfig config(List<String> settings) {
        Map<String, String> values = new HashMap<>();
        for (String setting : settings) {
            int at = setting.indexOf('=');
            Check.argument(at > 0, "%s is not KEY=VALUE", setting);
            values.put(setting.substring(0, at), setting.substring(at + 1));
        }
        return Settings.of(StoreConfig.class).bind(values);
    }

    /// A bucket of that durability; the store needs no more of it.
    static Bucket bucket(long id, String durability) {
        return new Bucket(
                BucketName.of("bench" + id), id, 0, new TreeMap<>(Map.of(Bucket.DURABILITY, durability)), false);
    }

    ObjectStore objects() {
        return store;
    }

    void put(Bucket bucket, String name, ByteBuffer bytes) {
        WriteOptions options = WriteOptions.ofLength(bytes.remaining());
        try (WriteSession session = store.begin(bucket, new ObjectKey(bucket.name(), name), options)) {
            session.write(bytes);
            session.commit(Conditions.NONE);
        }
    }

    /// The sum over all series of a metric; 0 when there is none.
    double metric(String name) {
        return series(name, line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }

    @Override
    public void close() {
        store.close();
    }

    private double series(String name, ToDoubleFunction<String> value) {
        return metrics.text()
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(value)
                .sum();
    }
}
