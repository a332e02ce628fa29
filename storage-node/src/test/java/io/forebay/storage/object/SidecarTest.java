package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.FileSlice;
import io.forebay.common.model.ByteRange;
import io.forebay.common.model.Durability;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.storage.metadata.ObjectRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept beside objects.
final class SidecarTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);
    private static final int LARGE = 50_000;

    @TempDir
    private Path folder;

    private StoreFixture fixture;

    @BeforeEach
    void open() {
        fixture = StoreFixture.stepped(folder, Map.of());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /// Counts the bytes that it sees, and keeps their number.
    private static final class Counting implements Follower {
        private long seen;
        private boolean closed;

        @Override
        public void accept(ByteBuffer bytes) {
            seen += bytes.remaining();
        }

        @Override
        public ByteSource finish(List<FileSlice> content) {
            long length = content.stream().mapToLong(FileSlice::length).sum();
            assertThat(length).isEqualTo(seen);
            return number(seen);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static ByteSource number(long number) {
        return MemoryBody.of(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private void put(String name, byte[] content) {
        Counting follower = new Counting();
        fixture.put(
                BUCKET,
                name,
                content,
                new WriteOptions(content.length, List.of(), List.of(), Map.of(), Map.of(), null, follower),
                Conditions.NONE);
        assertThat(follower.closed).isTrue();
    }

    /// What is kept beside an object, or null; puts a number there first if one is given.
    private @Nullable Long beside(String name, @Nullable Long kept) {
        AtomicReference<@Nullable Long> found = new AtomicReference<>();
        ReadOutcome outcome = fixture.store()
                .read(BUCKET, key(BUCKET, name), Waiting.ALLOWED, new ReadOutcome.Choice() {
                    @Override
                    public @Nullable ByteRange of(ObjectRecord record) {
                        throw new IllegalStateException("it looks beside");
                    }

                    @Override
                    public boolean looksBeside() {
                        return true;
                    }

                    @Override
                    public @Nullable ByteRange of(ObjectRecord record, Sidecar sidecar) {
                        if (kept != null) {
                            sidecar.put(number(kept));
                        }
                        try (FileSlice slice = sidecar.open()) {
                            found.set(slice == null ? null : number(slice));
                        }
                        return null;
                    }
                });
        assertThat(outcome).isInstanceOf(ReadOutcome.Found.class);
        return found.get();
    }

    private static long number(FileSlice slice) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(slice.length()));
        slice.read(0, bytes);
        return bytes.flip().getLong();
    }

    private List<Path> sidecars() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().contains(".sidecar")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsDerivedWhileBytesArriveIsKeptAndGoesWithThem() {
        put("a", bytes(1, LARGE));
        assertThat(beside("a", null)).isEqualTo(LARGE);
        fixture.restart();
        assertThat(beside("a", null)).isEqualTo(LARGE);
        put("a", bytes(2, LARGE + 1));
        assertThat(beside("a", null)).isEqualTo(LARGE + 1);
        fixture.settle();
        assertThat(sidecars()).hasSize(1);
        fixture.store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE);
        fixture.settle();
        assertThat(sidecars()).isEmpty();
    }

    @Test
    void smallObjectsHaveNone() {
        put("a", bytes(1, 100));
        assertThat(beside("a", null)).isNull();
        assertThat(sidecars()).isEmpty();
    }

    @Test
    void itCanBeMadeLaterAndMadeAnew() {
        fixture.put(BUCKET, "a", bytes(1, LARGE));
        assertThat(beside("a", null)).isNull();
        assertThat(beside("a", 7L)).isEqualTo(7);
        assertThat(beside("a", 8L)).isEqualTo(8);
        assertThat(beside("a", null)).isEqualTo(8);
    }

    @Test
    void oneOfOtherBytesDoesNotCount() throws IOException {
        put("a", bytes(1, LARGE));
        put("b", bytes(2, LARGE));
        fixture.close();
        List<Path> files = sidecars();
        byte[] first = Files.readAllBytes(files.get(0));
        Files.write(files.get(0), Files.readAllBytes(files.get(1)));
        Files.write(files.get(1), new byte[3]);
        fixture.restart();
        assertThat(beside("a", null)).isNull();
        assertThat(beside("b", null)).isNull();
        Files.write(files.get(0), first);
    }

    @Test
    void whatACrashLeavesIsSwept() throws IOException {
        put("a", bytes(1, LARGE));
        fixture.close();
        Path sidecar = sidecars().getFirst();
        Path parent = Objects.requireNonNull(sidecar.getParent());
        Files.write(parent.resolve("0000000000000001.sidecar"), new byte[8]);
        Files.write(parent.resolve(sidecar.getFileName() + ".17.new"), new byte[8]);
        fixture.restart();
        fixture.store().volumes().all().forEach(volume -> volume.upkeep().sweep(Long.MAX_VALUE));
        assertThat(sidecars()).containsExactly(sidecar);
        assertThat(beside("a", null)).isEqualTo(LARGE);
    }
}
