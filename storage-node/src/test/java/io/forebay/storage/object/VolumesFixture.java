package io.forebay.storage.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.FileSlice;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A store with a list of volumes and no background threads, with short words for what tests do to it.
final class VolumesFixture implements AutoCloseable {
    final Metrics metrics = new Metrics();
    private final VolumeFolders folders;
    private final StoreOpening.Background background;
    private final Function<Path, VolumeStore.Place> places;
    /// Takes effect when the store is opened.
    Announcer announcer = Announcer.SILENT;

    private @Nullable ObjectStore store;

    VolumesFixture(Path list, List<String> paths) {
        this(list, paths, StoreOpening.Background.CALLER, VolumeStore.Place::of);
    }

    /// As the other, with background threads if that is said, and with disks of the test's.
    VolumesFixture(
            Path list,
            List<String> paths,
            StoreOpening.Background background,
            Function<Path, VolumeStore.Place> places) {
        this.background = background;
        this.places = places;
        this.folders = new VolumeFolders(list, paths.stream().map(Path::of).toList());
    }

    void open() {
        boolean first = !Files.exists(Objects.requireNonNull(folders.list()));
        store = StoreOpening.open(
                StoreFixture.smallConfig(Map.of("index.memory", "16MiB")),
                first ? folders : new VolumeFolders(folders.list(), List.of()),
                StoreFixture.OWNER,
                InstantSource.system(),
                metrics,
                new StoreOpening.Surroundings(background, Redundancy.ALONE, announcer),
                places);
    }

    ObjectStore store() {
        return Objects.requireNonNull(store);
    }

    void restart() {
        close();
        open();
    }

    boolean isSettled() {
        return store().volumes().current().isSettled();
    }

    List<VolumeStatus> statuses() {
        return store().volumeStatuses();
    }

    VolumeStatus status(String path) {
        return statuses().stream()
                .filter(status -> status.path().equals(path))
                .findFirst()
                .orElseThrow();
    }

    ObjectRecord put(Bucket bucket, String name, byte[] content) {
        return put(bucket, name, content, WriteOptions.ofLength(content.length), Conditions.NONE);
    }

    ObjectRecord put(Bucket bucket, String name, byte[] content, WriteOptions options, Conditions conditions) {
        try (WriteSession session = store().begin(bucket, StoreFixture.key(bucket, name), options)) {
            StoreFixture.writeInPieces(session, content);
            return session.commit(conditions);
        }
    }

    boolean remove(Bucket bucket, String name) {
        return store().remove(bucket, StoreFixture.key(bucket, name), Conditions.NONE);
    }

    String createUpload(Bucket bucket, String name, Upload.Kind kind) {
        return store().createUpload(
                        bucket, StoreFixture.key(bucket, name), new Upload.Options(kind, "", Map.of(), Map.of()));
    }

    void putPart(Bucket bucket, String name, String upload, int number, byte[] content) {
        try (WriteSession session = store().beginPart(
                        bucket,
                        StoreFixture.key(bucket, name),
                        upload,
                        number,
                        WriteOptions.ofLength(content.length))) {
            StoreFixture.writeInPieces(session, content);
            session.commit(Conditions.NONE);
        }
    }

    void complete(Bucket bucket, String name, String upload) {
        store().completeUpload(
                        bucket,
                        StoreFixture.key(bucket, name),
                        upload,
                        Conditions.NONE,
                        (meant, parts) -> new Completion(parts, null, List.of(), null, null));
    }

    byte @Nullable [] get(Bucket bucket, String name) {
        ReadOutcome outcome =
                store().read(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED, ReadOutcome.Choice.ALL);
        if (outcome instanceof ReadOutcome.Found found) {
            List<FileSlice> slices = found.slices();
            return StoreFixture.content(slices);
        }
        return null;
    }

    ObjectRecord record(Bucket bucket, String name) {
        ReadOutcome outcome = store().find(bucket, new ObjectKey(bucket.name(), name), Waiting.ALLOWED);
        if (outcome instanceof ReadOutcome.Found found) {
            return found.record();
        }
        throw new AssertionError(name + " is absent");
    }

    List<String> names(Bucket bucket) {
        List<String> names = new ArrayList<>();
        try (Scan scan = store().scan(bucket.id())) {
            while (scan.next()) {
                names.add(scan.name());
            }
        }
        return names;
    }

    @Override
    public void close() {
        ObjectStore open = store;
        store = null;
        if (open != null) {
            open.close();
        }
    }
}
