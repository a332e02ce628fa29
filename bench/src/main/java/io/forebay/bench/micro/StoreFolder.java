package io.forebay.bench.micro;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.Upload;
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
import java.util.stream.Stream;

/// A store in a temporary folder, gone when this is closed.
final class StoreFolder implements AutoCloseable {
    private final Path folder;
    private final ObjectStore store;

    StoreFolder() throws IOException {
        folder = Files.createTempDirectory("forebay-bench");
        store = ObjectStore.open(
                Settings.defaults(StoreConfig.class),
                List.of(folder),
                new VolumeOwner("bench", new NodeId("bench")),
                InstantSource.system(),
                new Metrics());
    }

    /// Writes an object of all bytes of the buffer.
    ObjectRecord put(Bucket bucket, String name, ByteBuffer bytes) {
        WriteOptions options = WriteOptions.ofLength(bytes.remaining());
        try (WriteSession session = store.begin(bucket, new ObjectKey(bucket.name(), name), options)) {
            session.write(bytes);
            return session.commit(Conditions.NONE);
        }
    }

    /// Writes an object of that many parts, each of all bytes of the buffer.
    void putParts(Bucket bucket, String name, int parts, ByteBuffer bytes) {
        ObjectKey key = new ObjectKey(bucket.name(), name);
        String id = store.createUpload(bucket, key, new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
        WriteOptions options = WriteOptions.ofLength(bytes.remaining());
        for (int part = 1; part <= parts; part++) {
            try (WriteSession session = store.beginPart(bucket, key, id, part, options)) {
                session.write(bytes.duplicate());
                session.commit(Conditions.NONE);
            }
        }
        store.completeUpload(
                bucket,
                key,
                id,
                Conditions.NONE,
                (upload, all) -> new Completion(all, "etag-of-many-parts", List.of(), null, null));
    }

    /// Reads what the choice wants into the buffer and returns how much that was.
    int get(Bucket bucket, String name, ReadOutcome.Choice choice, ByteBuffer target) {
        ReadOutcome outcome = store.read(bucket, new ObjectKey(bucket.name(), name), Waiting.FORBIDDEN, choice);
        if (outcome instanceof ReadOutcome.WouldWait) {
            outcome = store.read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, choice);
        }
        if (!(outcome instanceof ReadOutcome.Found found)) {
            throw new IllegalStateException(name + " is not there");
        }
        target.clear();
        for (FileSlice slice : found.slices()) {
            try (slice) {
                target.limit(target.position() + (int) slice.length());
                if (!slice.readNow(0, target)) {
                    slice.read(0, target);
                }
            }
        }
        return target.position();
    }

    @Override
    public void close() throws IOException {
        store.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
