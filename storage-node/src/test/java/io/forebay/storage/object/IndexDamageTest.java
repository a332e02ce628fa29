package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.storage.volume.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files of RocksDB that are damaged or gone: the volume says so, or answers as before; it never answers
/// wrongly.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class IndexDamageTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.NONE);
    private static final int OBJECTS = 150;
    private static final long SEED = Long.getLong("seed", 7);

    @TempDir
    private Path folder;

    private final Map<String, byte[]> model = new HashMap<>();
    /// How many damages of an index that could be opened were met by a reader.
    private int told;

    @BeforeEach
    void fill() {
        try (StoreFixture fixture = StoreFixture.in(folder.resolve("sound"))) {
            for (int round = 0; round < 2; round++) {
                for (int number = 0; number < OBJECTS; number++) {
                    String name = "n" + number;
                    byte[] content = bytes(31L * number + round, 100 + number);
                    fixture.put(BUCKET, name, content);
                    model.put(name, content);
                }
                fixture.restart();
            }
        }
    }

    @Test
    void aFlippedByteIsNeverBelieved() throws IOException {
        Random random = new Random(SEED);
        for (Path file : indexFiles()) {
            byte[] sound = Files.readAllBytes(file);
            for (int flip = 0; flip < 6 && sound.length > 0; flip++) {
                byte[] damaged = sound.clone();
                int at = flip == 0 ? 0 : flip == 1 ? damaged.length - 1 : random.nextInt(damaged.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                String what = "seed " + SEED + ": " + file.getFileName() + " byte " + at;
                check(what, copy -> Files.write(copy.resolve("index").resolve(file.getFileName()), damaged));
            }
        }
        assertThat(told).isPositive();
    }

    @Test
    void aTruncatedFileIsNeverBelieved() throws IOException {
        for (Path file : indexFiles()) {
            byte[] sound = Files.readAllBytes(file);
            check(
                    "half of " + file.getFileName(),
                    copy -> Files.write(copy.resolve("index").resolve(file.getFileName()), half(sound)));
        }
    }

    @Test
    void aMissingFileIsSaidOrMadeAnew() throws IOException {
        for (Path file : indexFiles()) {
            check(
                    "without " + file.getFileName(),
                    copy -> Files.delete(copy.resolve("index").resolve(file.getFileName())));
        }
    }

    @Test
    void aLostIndexIsMadeAnew() throws IOException {
        Path copy = copy();
        delete(copy.resolve("index"));
        try (StoreFixture fixture = StoreFixture.in(copy)) {
            model.forEach(
                    (name, content) -> assertThat(fixture.get(BUCKET, name)).isEqualTo(content));
        }
    }

    /// What is done to a copy of the volume.
    private interface Damage {
        void to(Path copy) throws IOException;
    }

    private void check(String what, Damage damage) throws IOException {
        Path copy = copy();
        damage.to(copy);
        try (CapturedLog log = new CapturedLog();
                StoreFixture fixture = StoreFixture.in(copy)) {
            Set<ErrorCode> codes = EnumSet.noneOf(ErrorCode.class);
            model.forEach((name, content) -> {
                try {
                    assertThat(fixture.get(BUCKET, name)).as(what + ", " + name).isEqualTo(content);
                } catch (StoreException e) {
                    assertThat(e.code()).as(what).isIn(ErrorCode.CORRUPT, ErrorCode.VOLUME_FAILED);
                    codes.add(e.code());
                }
            });
            if (codes.contains(ErrorCode.CORRUPT)) {
                assertThat(fixture.metrics.text()).as(what).containsPattern("storage_index_damaged\\{.*} 1");
                assertThat(log.lines()).as(what).anyMatch(line -> line.startsWith("SEVERE volume "));
                told++;
            }
        } catch (StoreException e) {
            assertThat(e.code()).as(what + ": " + e.text()).isIn(ErrorCode.CORRUPT, ErrorCode.VOLUME_FAILED);
            assertThat(e.text()).as(what).contains(copy.toString());
        }
        delete(copy);
    }

    private static byte[] half(byte[] bytes) {
        return java.util.Arrays.copyOf(bytes, bytes.length / 2);
    }

    /// The files that RocksDB reads at a start.
    private List<Path> indexFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("sound/index"))) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return !name.startsWith("LOG") && !name.equals("LOCK") && !name.equals("IDENTITY");
                    })
                    .sorted()
                    .toList();
        }
    }

    private Path copy() throws IOException {
        Path from = folder.resolve("sound");
        Path to = folder.resolve("copy");
        delete(to);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!String.valueOf(file.getFileName()).startsWith("spare-")) {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
