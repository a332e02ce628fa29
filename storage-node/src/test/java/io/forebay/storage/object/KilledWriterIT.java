package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.storage.metadata.ObjectRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of a writing process: what it acknowledged is there, with the right bytes.
final class KilledWriterIT {
    private static final int KILLS = Integer.getInteger("kills", 4);

    @TempDir
    private Path folder;

    /// The last acknowledged state of each key, and how many commits each writer had acknowledged.
    private final Map<String, String[]> acknowledged = new HashMap<>();

    @Test
    void acknowledgedWritesOutliveTheProcess() throws Exception {
        for (int kill = 1; kill <= KILLS; kill++) {
            runAndKill(kill, 300 * kill);
            try (StoreFixture fixture = StoreFixture.in(folder)) {
                check(fixture);
            }
            acknowledged.clear();
        }
    }

    private void runAndKill(int run, int lines) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriterMain.class.getName(),
                        folder.toString(),
                        Long.toString(run * 1_000_000L)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int count = 0;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                count++;
                if (count == lines) {
                    process.toHandle().destroyForcibly();
                }
                String[] words = line.split(" ");
                // A line that the kill cut short is none.
                if (words.length == 4 || (words.length == 3 && words[2].length() == 1)) {
                    acknowledged.put(words[0], words);
                }
            }
            assertThat(count).as("commits before the kill").isGreaterThanOrEqualTo(lines);
        }
        process.waitFor(10, TimeUnit.SECONDS);
    }

    /// Of each writer at most one commit was under way, the one after its last acknowledged: that key may have the
    /// next state already.
    private void check(StoreFixture fixture) {
        Map<String, Long> last = new HashMap<>();
        acknowledged.values().forEach(words -> last.merge(writer(words), Long.parseLong(words[1]), Math::max));
        acknowledged.forEach((name, words) -> {
            byte[] content = fixture.get(KilledWriterMain.BUCKET, name);
            ObjectRecord record = fixture.record(KilledWriterMain.BUCKET, name);
            long next = Objects.requireNonNull(last.get(writer(words))) % KilledWriterMain.KEYS_EACH;
            if (!name.endsWith("-" + next)) {
                assertThat(isState(words, content)).as(String.join(" ", words)).isTrue();
            }
            if (content != null) {
                assertThat(Objects.requireNonNull(record).checksum(ChecksumType.XXHASH64))
                        .isEqualTo(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content)));
            }
        });
    }

    private static String writer(String[] words) {
        return words[0].substring(0, words[0].indexOf('-'));
    }

    private static boolean isState(String[] words, byte @Nullable [] content) {
        if (words.length == 3) {
            return content == null;
        }
        byte[] expected = StoreFixture.bytes(Long.parseLong(words[3]), Integer.parseInt(words[2]));
        return Arrays.equals(expected, content);
    }
}
