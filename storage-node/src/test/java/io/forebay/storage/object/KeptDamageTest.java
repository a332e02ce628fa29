package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is known to be damaged outlives the index that knew it.
final class KeptDamageTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final byte[] SMALL = bytes(1, 3000);
    private static final byte[] OLDER = bytes(2, 3000);
    private static final byte[] LARGE = bytes(3, 50_000);
    private static final Completion.Decision ALL_PARTS =
            (upload, parts) -> new Completion(parts, null, List.of(), null, null);

    @TempDir
    private Path folder;

    private StoreFixture fixture;
    private VolumeFiles files;

    @BeforeEach
    void fill() {
        files = new VolumeFiles(folder);
        fixture = StoreFixture.in(folder);
        fixture.put(BUCKET, "small", OLDER);
        fixture.put(BUCKET, "small", SMALL);
        fixture.put(BUCKET, "large", LARGE);
        fixture.put(BUCKET, "sound", bytes(4, 50_000));
        for (int id = 0; id < 120; id++) {
            fixture.put(BUCKET, "filler-" + id, bytes(100 + id, 10_000));
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aDamagedFileStaysKnown() {
        VolumeFiles.flip(files.large().getFirst(), 30_000);
        scrub();
        DamagedObject known = fixture.store().damaged().getFirst();
        RebuildReport report = rebuild();
        assertThat(report.findings()).isEmpty();
        assertThat(report.damages()).isEqualTo(1);
        assertThat(report.unknownDamage()).isNull();
        fixture = StoreFixture.in(folder);
        assertThat(fixture.store().damaged()).containsExactly(known);
        refuses("large");
        fixture.put(BUCKET, "large", LARGE);
        assertThat(rebuild().damages()).as("overwritten").isZero();
        fixture = StoreFixture.in(folder);
        assertThat(fixture.get(BUCKET, "large")).isEqualTo(LARGE);
    }

    @Test
    void aFileThatIsGoneIsSaidToBeLostOnce() throws IOException {
        Files.delete(files.large().getFirst());
        refuses("large");
        scrub();
        RebuildReport report = rebuild();
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.object()).isEqualTo("object large of bucket 1");
            assertThat(finding.what()).contains("is lost");
        });
        assertThat(rebuild().findings()).isEmpty();
    }

    @Test
    void anOlderVersionIsNotTakenForTheNewest() {
        damage(SMALL);
        RebuildReport report = rebuild();
        assertThat(report.findings())
                .filteredOn(finding -> finding.kind() == VolumeFinding.Kind.OBJECT)
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.object()).isEqualTo("object small of bucket 1");
                    assertThat(finding.what()).contains("its newest version is lost");
                });
        fixture = StoreFixture.in(folder);
        refuses("small");
        fixture.put(BUCKET, "small", SMALL);
        assertThat(fixture.get(BUCKET, "small")).isEqualTo(SMALL);
        assertThat(fixture.store().damaged()).isEmpty();
    }

    @Test
    void whatTheLogSaysBehindTheOldIndexDecides() throws IOException {
        fixture.close();
        Path index = folder.resolve(VolumeStore.INDEX_FOLDER);
        LiveTree.copy(index, folder.resolve("kept"), file -> true);
        fixture = StoreFixture.in(folder);
        fixture.put(BUCKET, "small", OLDER);
        fixture.store().remove(BUCKET, key(BUCKET, "filler-7"), Conditions.NONE);
        fixture.close();
        VolumeFiles.removeFolder(index);
        Files.move(folder.resolve("kept"), index);
        damage(SMALL);
        damage(bytes(107, 10_000));
        RebuildReport report = rebuild();
        assertThat(report.findings()).allMatch(finding -> finding.kind() == VolumeFinding.Kind.LOG);
        assertThat(report.damages()).isZero();
        fixture = StoreFixture.in(folder);
        assertThat(fixture.get(BUCKET, "small")).isEqualTo(OLDER);
        assertThat(fixture.get(BUCKET, "filler-7")).isNull();
    }

    @Test
    void bytesInADamagedRecordAreKnownWithoutAnOldIndex() {
        String id = fixture.store()
                .createUpload(
                        BUCKET, key(BUCKET, "made"), new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of()));
        byte[] part = bytes(7, 9000);
        fixture.putPart(BUCKET, "made", id, 1, part);
        fixture.putPart(BUCKET, "made", id, 2, bytes(8, 9000));
        fixture.store().completeUpload(BUCKET, key(BUCKET, "made"), id, Conditions.NONE, ALL_PARTS);
        fixture.put(BUCKET, "behind", SMALL);
        damage(part);
        VolumeFiles.removeFolder(folder.resolve(VolumeStore.INDEX_FOLDER));
        RebuildReport report = rebuild();
        assertThat(report.damages()).isEqualTo(1);
        assertThat(report.unknownDamage()).isEqualTo("there is none");
        fixture = StoreFixture.in(folder);
        refuses("made");
        assertThat(fixture.store().damaged()).extracting(DamagedObject::name).containsExactly("made");
    }

    @Test
    void whereTheOldIndexCannotBeReadAScrubBeginsAtTheNextStart() throws IOException {
        VolumeFiles.flip(files.large().getFirst(), 30_000);
        scrub();
        fixture.close();
        for (Path file : files.index()) {
            VolumeFiles.flip(file, Files.size(file) / 3);
        }
        assertThat(rebuild().unknownDamage()).isNotNull();
        awaitThatTheScrubFoundLarge();
        fixture.close();
        VolumeFiles.removeFolder(folder.resolve(VolumeStore.INDEX_FOLDER));
        awaitThatTheScrubFoundLarge();
    }

    private void awaitThatTheScrubFoundLarge() {
        fixture = StoreFixture.in(folder);
        StoreFixture.await(() -> fixture.store().scrubStatuses().stream()
                .noneMatch(status -> status.running() || status.finishedMillis() == 0));
        assertThat(fixture.store().damaged()).extracting(DamagedObject::name).containsExactly("large");
        refuses("large");
    }

    private RebuildReport rebuild() {
        fixture.close();
        return IndexRebuild.rebuild(folder, StoreFixture.smallConfig(Map.of()), WorkProgress.NONE);
    }

    private void damage(byte[] content) {
        fixture.close();
        for (Path segment : files.segments()) {
            long at = VolumeFiles.find(segment, content);
            if (at >= 0) {
                VolumeFiles.flip(segment, at + 1000);
            }
        }
    }

    private void scrub() {
        fixture.store().scrub("");
        StoreFixture.await(() -> fixture.store().scrubStatuses().stream().noneMatch(ScrubStatus::running));
    }

    private void refuses(String name) {
        assertThatThrownBy(() -> fixture.get(BUCKET, name))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    }
}
