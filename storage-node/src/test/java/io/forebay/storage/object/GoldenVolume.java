package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.key;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.Encryption;
import io.forebay.common.seal.MasterKeys;
import io.forebay.storage.crypto.EncryptionConfig;
import io.forebay.storage.crypto.Sealing;
import io.forebay.storage.crypto.Seals;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.volume.LogPosition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/// The committed volumes of every format: a volume as the format's program left it, cut off with a part of the
/// log not in its index, and the text of what it holds (`StoreDescription`).
///
/// `main` makes those of the present format; earlier ones cannot be made again. Run it under a host name that
/// may be published, since RocksDB writes it into its files (`unshare -u`).
final class GoldenVolume {
    static final List<Bucket> BUCKETS = List.of(
            StoreFixture.bucket(1, Durability.GROUP),
            StoreFixture.bucket(2, Durability.NONE),
            StoreFixture.bucket(3, Durability.STRICT),
            StoreFixture.bucket(4, Durability.GROUP));

    private static final Bucket GROUP = BUCKETS.get(0);
    private static final Bucket FAST = BUCKETS.get(1);
    private static final Bucket STRICT = BUCKETS.get(2);
    private static final Bucket DROPPED = BUCKETS.get(3);

    private final StoreFixture fixture;

    private GoldenVolume(StoreFixture fixture) {
        this.fixture = fixture;
    }

    static void main(String[] args) throws IOException {
        int format = Integer.parseInt(args[0]);
        Path resources = Path.of(args[1]);
        Path folder = Files.createTempDirectory("golden");
        try (StoreFixture fixture = new StoreFixture(config(), List.of(folder), clock())) {
            new GoldenVolume(fixture).write();
            Files.writeString(
                    resources.resolve("volume-format-" + format + ".txt"),
                    StoreDescription.of(fixture.store(), BUCKETS));
            pack(folder, resources.resolve("volume-format-" + format + ".zip"));
        }
    }

    /// The settings with which golden volumes are written and opened.
    static StoreConfig config() {
        return StoreFixture.smallConfig(Map.of("volume.spare-segments", "0"));
    }

    /// What the volume of a format holds.
    static String description(int format) throws IOException {
        try (InputStream in = resource("volume-format-" + format + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Makes a copy of the volume of a format.
    static void unpack(int format, Path folder) throws IOException {
        try (ZipInputStream in = new ZipInputStream(resource("volume-format-" + format + ".zip"))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = folder.resolve(entry.getName()).normalize();
                if (!file.startsWith(folder)) {
                    throw new IOException(entry.getName() + " leaves the folder");
                }
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.copy(in, file);
            }
        }
    }

    /// What the seed-th piece of content is: told from every other one at any place, and well compressible.
    static byte[] content(int seed, int count) {
        byte[] bytes = new byte[count];
        for (int index = 0; index < count; index++) {
            bytes[index] = (byte) (seed + index / 256);
        }
        return bytes;
    }

    private static InstantSource clock() {
        AtomicLong millis = new AtomicLong(1_767_225_600_000L);
        return () -> Instant.ofEpochMilli(millis.getAndAdd(1001));
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(GoldenVolume.class.getResourceAsStream(name), name);
    }

    private static void pack(Path folder, Path target) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(target));
                Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String name = folder.relativize(file).toString();
                // RocksDB can do without these, and they have paths in them.
                if (!name.contains("/LOG") && !name.contains("/OPTIONS")) {
                    ZipEntry entry = new ZipEntry(name);
                    entry.setTimeLocal(LocalDateTime.of(2026, 1, 1, 0, 0));
                    out.putNextEntry(entry);
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
    }

    private void write() {
        fillers("before/", 70);
        inline();
        large();
        multipart();
        appended();
        bucketThatIsDropped();
        VolumeStore store = fixture.store().volumes().all().getFirst();
        LogPosition before = store.upkeep().flushed();
        store.upkeep().requestFlush();
        StoreFixture.await(() -> !store.upkeep().flushed().equals(before));
        fillers("after/", 70);
        removed();
        uploadInProgress();
        attributesChanged();
        fromOtherNodes();
        encrypted();
        fixture.put(FAST, "last", content(99, 99));
    }

    private void fillers(String prefix, int count) {
        for (int index = 0; index < count; index++) {
            fixture.put(FAST, prefix + index, content(index, 16_000));
        }
    }

    private void inline() {
        fixture.put(GROUP, "inline/empty", content(1, 0));
        fixture.put(GROUP, "inline/one", content(2, 1));
        fixture.put(
                GROUP,
                "inline/described",
                content(3, 1000),
                new WriteOptions(
                        1000,
                        List.of(ChecksumType.MD5, ChecksumType.CRC64NVME, ChecksumType.SHA256),
                        List.of(),
                        Map.of("content-type", "text/plain", "x-amz-meta-other", "other"),
                        Map.of("label", "s\u00fc\u00df")),
                Conditions.NONE);
        fixture.put(STRICT, "inline/a\u0000b", content(4, 10));
        fixture.put(STRICT, "inline/\u00e4\u20ac\ud83d\ude00", content(5, 10));
        fixture.put(GROUP, "inline/overwritten", content(6, 1500));
        fixture.put(GROUP, "inline/overwritten", content(7, 2500));
    }

    private void large() {
        fixture.put(GROUP, "large/group", content(10, 20_000));
        fixture.put(FAST, "large/none", content(11, 30_000));
        fixture.put(GROUP, "large/overwritten", content(12, 20_000));
        fixture.put(GROUP, "large/overwritten", content(13, 40_000));
        fixture.put(GROUP, "large/made-small", content(14, 20_000));
        fixture.put(GROUP, "large/made-small", content(15, 40));
    }

    private void multipart() {
        String id = create("multipart", Upload.Kind.MULTIPART);
        fixture.putPart(GROUP, "multipart", id, 1, content(20, 20_000));
        fixture.putPart(GROUP, "multipart", id, 2, content(21, 500));
        fixture.putPart(GROUP, "multipart", id, 2, content(22, 600));
        fixture.putPart(GROUP, "multipart", id, 7, content(23, 0));
        complete("multipart", id, "00112233445566778899aabbccddeeff-3", "crc32c=AAAAAA==-3");
    }

    private void appended() {
        String id = create("appended", Upload.Kind.APPEND);
        fixture.putPart(GROUP, "appended", id, 1, content(30, 700));
        fixture.putPart(GROUP, "appended", id, 2, content(31, 20_000));
        complete("appended", id, null, null);
        String more = create("appended", Upload.Kind.EXTEND);
        fixture.putPart(GROUP, "appended", more, 1, content(32, 800));
        complete("appended", more, "a-tag-of-its-own", null);
    }

    private void bucketThatIsDropped() {
        fixture.put(DROPPED, "small", content(40, 10));
        fixture.put(DROPPED, "large", content(41, 20_000));
        fixture.store().dropBucket(DROPPED.id());
    }

    private void removed() {
        for (String name : List.of("before/0", "before/1", "after/0")) {
            fixture.store().remove(FAST, key(FAST, name), Conditions.NONE);
        }
        fixture.put(GROUP, "removed-and-back", content(50, 100));
        fixture.store().remove(GROUP, key(GROUP, "removed-and-back"), Conditions.NONE);
        fixture.put(GROUP, "removed-and-back", content(51, 200));
        fixture.put(GROUP, "removed-large", content(52, 20_000));
        fixture.store().remove(GROUP, key(GROUP, "removed-large"), Conditions.NONE);
        String id = create("aborted", Upload.Kind.MULTIPART);
        fixture.putPart(GROUP, "aborted", id, 1, content(53, 20_000));
        fixture.store().abortUpload(GROUP, key(GROUP, "aborted"), id);
    }

    private void uploadInProgress() {
        String id = create("upload", Upload.Kind.MULTIPART);
        fixture.putPart(GROUP, "upload", id, 1, content(60, 20_000));
        fixture.putPart(GROUP, "upload", id, 2, content(61, 10));
        fixture.putPart(GROUP, "upload", id, 1, content(62, 30_000));
        fixture.putPart(GROUP, "appended", create("appended", Upload.Kind.EXTEND), 1, content(63, 30));
    }

    private void attributesChanged() {
        fixture.store().updateCustom(GROUP, key(GROUP, "inline/one"), Map.of("since", "the change"), MapChange.REPLACE);
        fixture.store()
                .updateSystem(GROUP, key(GROUP, "large/group"), Map.of("cache-control", "no-store"), Conditions.NONE);
    }

    private void fromOtherNodes() {
        received("stamped/small", content(70, 300), new Stamp(5, 9));
        received("stamped/large", content(71, 20_000), new Stamp(300, 2));
        received("stamped/gone", content(72, 300), new Stamp(5, 9));
        fixture.store().holdings().receiveRemoval(GROUP, key(GROUP, "stamped/gone"), new Stamp(6, 1));
        fixture.store().updateCustom(GROUP, key(GROUP, "stamped/small"), Map.of("since", "then"), MapChange.REPLACE);
    }

    private void received(String name, byte[] bytes, Stamp stamp) {
        RecordDraft description = new RecordDraft(
                bytes.length,
                1_767_225_600_000L,
                1_767_225_600_000L,
                2,
                stamp,
                List.of(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(bytes))),
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
        try (ReceiveSession session = fixture.store().holdings().receive(GROUP, key(GROUP, name), bytes.length)) {
            session.write(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
            session.commit(description);
        }
    }

    private void encrypted() {
        fixture.put(GROUP, "encrypted/small", content(80, 300), sealed("encrypted/small", 300), Conditions.NONE);
        fixture.put(GROUP, "encrypted/large", content(81, 20_000), sealed("encrypted/large", 20_000), Conditions.NONE);
        fixture.store().updateCustom(GROUP, key(GROUP, "encrypted/large"), Map.of("since", "then"), MapChange.REPLACE);
        String name = "encrypted/upload";
        Upload.Options options = new Upload.Options(
                Upload.Kind.MULTIPART, "", Map.of(), Map.of(), sealing(name).ofUpload());
        fixture.store().createUpload(GROUP, key(GROUP, name), options);
    }

    private static WriteOptions sealed(String name, long length) {
        return new WriteOptions(
                length, List.of(), List.of(), Map.of(), Map.of(), sealing(name).sealer());
    }

    private static Sealing sealing(String name) {
        Seals seals = new Seals(MasterKeys.of("golden"), EncryptionConfig.none());
        return seals.begin(Encryption.of(Encryption.Scheme.AES256), null, GROUP, key(GROUP, name));
    }

    private String create(String name, Upload.Kind kind) {
        Upload.Options options =
                new Upload.Options(kind, "a note", Map.of("content-type", "a/b"), Map.of("kind", kind.toString()));
        return fixture.store().createUpload(GROUP, key(GROUP, name), options);
    }

    private void complete(String name, String id, @Nullable String etag, @Nullable String composite) {
        fixture.store()
                .completeUpload(
                        GROUP,
                        key(GROUP, name),
                        id,
                        Conditions.NONE,
                        (upload, parts) -> new Completion(parts, etag, List.of(), composite, ChecksumType.XXHASH64));
    }
}
