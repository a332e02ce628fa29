package io.forebay.cluster.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcessLogTest {
    private static final String NOTE = "2026-12-01T07:45:43.307Z INFO Server: SEVERE words are not its level\n";
    private static final String WARNING = "2026-12-01T07:45:44.307Z WARNING Volume: a disk is slow\n";
    private static final String ERROR =
            "2026-12-01T07:45:45.307Z SEVERE Volume: a disk failed\njava.io.IOException: why\n\tat x.Y(Y.java:1)\n";
    private static final String DETAIL = "2026-12-01T07:45:46.307Z FINE Volume: read\nINFO goes on\n";

    @Test
    void entriesAreShownFromASeverityOnWithTheirStackTraces() {
        ProcessLog log = log(NOTE + ERROR + WARNING + DETAIL + ERROR);
        assertThat(text(log, "severity=info")).isEqualTo(NOTE + ERROR + WARNING + DETAIL + ERROR);
        assertThat(text(log, "")).isEqualTo(NOTE + ERROR + WARNING + DETAIL + ERROR);
        assertThat(text(log, "severity=warning")).isEqualTo(ERROR + WARNING + ERROR);
        assertThat(text(log, "severity=error")).isEqualTo(ERROR + ERROR);
    }

    @Test
    void whatGoesOnBeforeAnyEntryBelongsToNone() {
        assertThat(text(log("the rest of an entry\n" + WARNING), "severity=warning"))
                .isEqualTo(WARNING);
    }

    @Test
    void anOffsetCountsTheBytesThatAreShown() {
        ProcessLog log = log(NOTE + ERROR + WARNING);
        assertThat(text(log, "offset=" + NOTE.length())).isEqualTo(ERROR + WARNING);
        assertThat(text(log, "severity=error&offset=7")).isEqualTo(ERROR.substring(7));
        assertThat(text(log, "severity=error&offset=" + ERROR.length())).isEmpty();
        assertThat(text(log, "offset=" + (NOTE + ERROR + WARNING).length())).isEmpty();
    }

    @Test
    void anOffsetBeyondTheEndSaysThatTheLogWasMovedAside() {
        assertThatThrownBy(() -> log(NOTE).answer(Query.parse("offset=1000")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("log likely rotated (offset 1000, size " + NOTE.length() + ")");
    }

    @ParameterizedTest
    @ValueSource(strings = {"offset=-1", "offset=x", "offset=99999999999999999999", "severity=loud"})
    void wrongQueriesAreRefused(String query) {
        assertThatThrownBy(() -> log(NOTE).answer(Query.parse(query)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(query.substring(query.indexOf('=') + 1));
    }

    @Test
    void aProcessWithoutALogShowsNone() throws IOException {
        ProcessLog log = RunningProcess.none().log();
        assertThat(text(log, "")).isEmpty();
        assertThat(archive(log, "all=true")).isEmpty();
    }

    @Test
    void anArchiveHasEveryFileByItsName() throws IOException {
        ProcessLog log = log(NOTE + ERROR, WARNING, "");
        assertThat(archive(log, "all=true"))
                .containsExactly(
                        Map.entry("forebay.log", NOTE + ERROR),
                        Map.entry("forebay.log.1", WARNING),
                        Map.entry("forebay.log.2", ""));
        assertThat(archive(log, "all=yes&severity=error"))
                .containsExactly(
                        Map.entry("forebay.log", ERROR),
                        Map.entry("forebay.log.1", ""),
                        Map.entry("forebay.log.2", ""));
    }

    @Test
    void randomLogsAreFilteredAsLineByLine() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        String[] entries = {NOTE, WARNING, ERROR, DETAIL};
        for (int round = 0; round < 20; round++) {
            StringBuilder all = new StringBuilder();
            StringBuilder warnings = new StringBuilder();
            for (int count = random.nextInt(3000); count > 0; count--) {
                String entry = entries[random.nextInt(entries.length)];
                String longer = random.nextInt(300) == 0
                        ? entry.stripTrailing() + "x".repeat(random.nextInt(200_000)) + "\n"
                        : entry;
                all.append(longer);
                warnings.append(entry.equals(WARNING) || entry.equals(ERROR) ? longer : "");
            }
            ProcessLog log = log(all.toString());
            int offset = warnings.isEmpty() ? 0 : random.nextInt(warnings.length());
            assertThat(text(log, "severity=warning&offset=" + offset))
                    .as("seed " + seed)
                    .isEqualTo(warnings.substring(offset));
            assertThat(archive(log, "severity=warning&all=1"))
                    .as("seed " + seed)
                    .containsValue(warnings.toString());
        }
    }

    private static ProcessLog log(String... texts) {
        return new ProcessLog(new TestLog(texts), InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000)));
    }

    private static String text(ProcessLog log, String query) {
        Reply reply = log.answer(Query.parse(query));
        long length = reply.payload().length();
        byte[] bytes = bytes(reply);
        assertThat(bytes).hasSize((int) length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Reply reply) {
        try (PayloadSource source = new PayloadSource(reply.payload())) {
            return source.readAll(1 << 28);
        }
    }

    /// The files of a tar.gz, their names and checksums read strictly.
    private static Map<String, String> archive(ProcessLog log, String query) throws IOException {
        Reply reply = log.answer(Query.parse(query));
        assertThat(reply.headers().find("Content-Type")).isEqualTo("application/gzip");
        byte[] tar = new GZIPInputStream(new ByteArrayInputStream(bytes(reply))).readAllBytes();
        assertThat(tar.length % 512).isZero();
        Map<String, String> files = new LinkedHashMap<>();
        int at = 0;
        while (tar[at] != 0) {
            byte[] head = Arrays.copyOfRange(tar, at, at + 512);
            assertThat(field(head, 257, 5)).isEqualTo("ustar");
            int sum = Integer.parseInt(field(head, 148, 6), 8);
            Arrays.fill(head, 148, 156, (byte) ' ');
            int counted = 0;
            for (byte b : head) {
                counted += b;
            }
            assertThat(sum).isEqualTo(counted);
            int size = Integer.parseInt(field(head, 124, 11), 8);
            files.put(field(head, 0, 100), new String(tar, at + 512, size, StandardCharsets.UTF_8));
            at += 512 + (size + 511) / 512 * 512;
        }
        assertThat(tar.length - at).isEqualTo(1024);
        return files;
    }

    private static String field(byte[] head, int at, int length) {
        String text = new String(head, at, length, StandardCharsets.US_ASCII);
        int end = text.indexOf(0);
        return end < 0 ? text : text.substring(0, end);
    }
}
