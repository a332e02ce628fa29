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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BucketRemovalTest {
    private static final Bucket DOOMED = StoreFixture.bucket(5, Durability.NONE);
    private static final Bucket OTHER = StoreFixture.bucket(6, Durability.GROUP);

    @TempDir
    private Path folder;

    @Test
    void droppingABucketGivesItsSpaceBackAndLeavesOthersAlone() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(OTHER, "kept", bytes(1, 2000));
            for (int index = 0; index < 1500; index++) {
                fixture.put(DOOMED, "small-" + index, bytes(index, 4000));
            }
            for (int index = 0; index < 20; index++) {
                fixture.put(DOOMED, "large-" + index, bytes(index, 100_000));
            }
            Upload.Options options = new Upload.Options(Upload.Kind.MULTIPART, "", Map.of(), Map.of());
            String id = fixture.store().createUpload(DOOMED, key(DOOMED, "upload"), options);
            fixture.putPart(DOOMED, "upload", id, 1, bytes(1, 50_000));
            assertThat(fixture.store().bucketIds()).containsExactly(5L, 6L);
            assertThat(dataBytes()).isGreaterThan(8_000_000);

            fixture.store().dropBucket(DOOMED.id());
            assertThat(fixture.store().bucketIds()).containsExactly(6L);
            assertThat(fixture.names(DOOMED)).isEmpty();
            // Segments of the first object and of the last records stay.
            StoreFixture.await(() -> dataBytes() <= 4 << 20);
            assertThat(fixture.get(OTHER, "kept")).isEqualTo(bytes(1, 2000));
            fixture.restart();
            assertThat(fixture.get(OTHER, "kept")).isEqualTo(bytes(1, 2000));
            assertThat(fixture.store().bucketIds()).containsExactly(6L);
        }
    }

    @Test
    void aBucketThatIsBeingRemovedRefusesCommits() {
        try (StoreFixture fixture = StoreFixture.in(folder)) {
            fixture.put(DOOMED, "name", bytes(1, 10));
            try (WriteSession session = fixture.store().begin(DOOMED, key(DOOMED, "late"), WriteOptions.ofLength(10))) {
                StoreFixture.writeInPieces(session, bytes(2, 10));
                fixture.store().refuseWrites(DOOMED.id());
                refused(() -> session.commit(Conditions.NONE));
            }
            refused(() -> fixture.put(DOOMED, "name", bytes(1, 10)));
            refused(() -> fixture.store().remove(DOOMED, key(DOOMED, "name"), Conditions.NONE));
            assertThat(fixture.names(DOOMED)).isEqualTo(List.of("name"));
            fixture.store().allowWrites(DOOMED.id());
            fixture.put(DOOMED, "name", bytes(3, 10));
        }
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_BUCKET));
    }

    private long dataBytes() {
        long bytes = 0;
        for (String part : List.of("segments", "files")) {
            try (Stream<Path> files = Files.walk(folder.resolve(part))) {
                for (Path file : files.toList()) {
                    bytes += file.toString().contains("spare-") ? 0 : Files.size(file);
                }
            } catch (NoSuchFileException | UncheckedIOException e) {
                // Removed while it was looked at: the next look will tell.
                return Long.MAX_VALUE;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return bytes;
    }
}
