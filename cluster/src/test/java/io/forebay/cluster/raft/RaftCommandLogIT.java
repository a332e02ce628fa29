package io.forebay.cluster.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RaftCommandLogIT {
    private static final NodeId SELF = new NodeId("node1");

    @TempDir
    Path temporary;

    private final Metrics metrics = new Metrics();

    @Test
    void firstStartFoundsTheClusterAndRestartsKeepEverything() {
        List<ClusterState> ends = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            String name = "bucket" + round;
            CurrentState state = new CurrentState();
            run(state, log -> {
                assertThat(state.current().clusterId()).matches("[A-Za-z][A-Za-z0-9]{11}");
                assertThat(ends.isEmpty() ? state.current() : ends.getLast()).isEqualTo(state.current());
                assertThat(createBucket(log, name)).isInstanceOf(Applied.Changed.class);
                ends.add(state.current());
            });
        }
        assertThat(ends.getLast().buckets()).hasSize(3);
        assertThat(ends.getLast().version()).isEqualTo(4);
    }

    @Test
    void everyStateIsPublishedBeforeItsCommandIsAcknowledged() {
        CurrentState state = new CurrentState();
        run(state, log -> {
            Applied applied = createBucket(log, "one");
            assertThat(state.current()).isSameAs(applied.state());
            assertThat(createBucket(log, "one"))
                    .isInstanceOfSatisfying(
                            Applied.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
            assertThat(state.current().version()).isEqualTo(3);
        });
        assertThat(metrics.text())
                .contains("forebay_cluster_commands_total{outcome=\"changed\"} 2")
                .contains("forebay_cluster_commands_total{outcome=\"refused\"} 1")
                .contains("forebay_cluster_state_version 3");
    }

    /// With a snapshot every 50 commands; the log before the newest snapshots must be gone.
    @Test
    void aThousandCommandsOfManySubmittersAreSnapshotAndPurged() throws Exception {
        RaftConfig often = TestGateway.config(50);
        CurrentState state = new CurrentState();
        Map<Long, Boolean> versions = new ConcurrentHashMap<>();
        try (RaftCommandLog log = open(often, SELF, state)) {
            log.start();
            List<Thread> submitters = new ArrayList<>();
            for (int submitter = 0; submitter < 10; submitter++) {
                String prefix = "s" + submitter + "-";
                submitters.add(Thread.ofVirtual().start(() -> {
                    for (int number = 0; number < 100; number++) {
                        Applied applied = createBucket(log, prefix + number);
                        versions.put(applied.state().version(), applied instanceof Applied.Changed);
                    }
                }));
            }
            for (Thread submitter : submitters) {
                submitter.join();
            }
        }
        assertThat(versions).hasSize(1000).doesNotContainValue(false);
        assertThat(state.current().buckets()).hasSize(1000);
        assertThat(filesNamed("snapshot.*_*")).hasSizeLessThanOrEqualTo(2 * 2);
        CurrentState again = new CurrentState();
        run(again, log -> assertThat(again.current()).isEqualTo(state.current()));
    }

    @Test
    void segmentsBehindASnapshotAreDeleted() throws Exception {
        RaftConfig often = TestGateway.config(10);
        String large = "x".repeat(300_000);
        CurrentState state = new CurrentState();
        try (RaftCommandLog log = open(often, SELF, state)) {
            log.start();
            for (int number = 0; number < 60; number++) {
                log.submit(new Command.ChangeSettings(Map.of("large", large + number)));
            }
        }
        long bytes = 0;
        for (Path file : filesNamed("log_*")) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isLessThan(10_000_000);
        CurrentState again = new CurrentState();
        run(again, log -> assertThat(again.current().settings()).containsEntry("large", large + 59));
    }

    @Test
    void acknowledgedCommandsSurviveKill() throws Exception {
        int next = 0;
        for (int round = 0; round < 3; round++) {
            next = killAfter(next, 40 + 30 * round) + 1;
            int acknowledged = next;
            CurrentState state = new CurrentState();
            run(state, log -> {
                for (int number = 0; number < acknowledged; number++) {
                    assertThat(state.current().bucket(BucketName.of("b" + number)))
                            .as("bucket %s of %s", number, acknowledged)
                            .isNotNull();
                }
            });
            // The one that was not acknowledged may be there or not: the next writer begins after it.
            next = state.current().buckets().size();
        }
    }

    @Test
    void whatACrashLeftHalfWrittenIsCutOff() throws Exception {
        killAfter(0, 5);
        Path segment = filesNamed("log_inprogress_*").getFirst();
        long end = endOfEntries(segment);
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {80, 1, 2, 3, 4, 5}), end);
        }
        CurrentState state = new CurrentState();
        run(state, log -> {
            assertThat(state.current().buckets()).hasSizeGreaterThanOrEqualTo(5);
            createBucket(log, "after");
        });
        CurrentState again = new CurrentState();
        run(again, log -> assertThat(again.current()).isEqualTo(state.current()));
    }

    @Test
    void damageBeforeTheEndIsRefused() throws Exception {
        killAfter(0, 5);
        Path segment = filesNamed("log_inprogress_*").getFirst();
        damage(segment, endOfEntries(segment) / 2);
        assertRefused(SELF, ErrorCode.CORRUPT, "damaged");
    }

    @Test
    void damageInAClosedSegmentIsRefused() throws Exception {
        int last = killAfter(0, 5);
        killAfter(last + 2, 5);
        Path segment = filesNamed("log_0-*").getFirst();
        damage(segment, endOfEntries(segment) / 2);
        assertRefused(SELF, ErrorCode.CORRUPT, "cannot be opened");
    }

    @Test
    void commandsUnderWayAreAnsweredWhenTheLogIsClosed() throws Exception {
        CurrentState state = new CurrentState();
        RaftCommandLog log = open(defaults(), SELF, state);
        log.start();
        AtomicInteger acknowledged = new AtomicInteger();
        FutureTask<Void> submitter = new FutureTask<>(() -> {
            while (true) {
                createBucket(log, "b" + acknowledged.get());
                acknowledged.incrementAndGet();
            }
        });
        Thread.ofVirtual().start(submitter);
        state.await(20, Duration.ofSeconds(20));
        log.close();
        assertThatThrownBy(submitter::get).hasCauseInstanceOf(StoreException.class);
        CurrentState again = new CurrentState();
        run(
                again,
                reopened -> assertThat(again.current().buckets())
                        .hasSizeBetween(acknowledged.get(), acknowledged.get() + 1));
    }

    @Test
    void damagedSnapshotIsRefused() throws Exception {
        run(new CurrentState(), log -> createBucket(log, "one"));
        Path snapshot = filesNamed("snapshot.*_*").stream()
                .filter(path -> !path.toString().endsWith(".md5"))
                .findFirst()
                .orElseThrow();
        Files.writeString(snapshot, Files.readString(snapshot).replace("one", "two"));
        assertRefused(SELF, ErrorCode.CORRUPT, "checksum");
    }

    @Test
    void folderInUseIsRefused() {
        run(new CurrentState(), log -> assertRefused(SELF, ErrorCode.IN_USE, "in use by another process"));
    }

    @Test
    void foldersOfOthersAreRefused() throws Exception {
        run(new CurrentState(), log -> {});
        assertRefused(new NodeId("node2"), ErrorCode.IN_USE, "belongs to node node1, not node2");
        Path mark = temporary.resolve(GroupFile.FILE);
        String line = Files.readString(mark);
        Files.writeString(mark, line.replace(" 1 ", " 2 "));
        assertRefused(SELF, ErrorCode.UNSUPPORTED, "newer Forebay");
        Files.writeString(mark, "something else\n");
        assertRefused(SELF, ErrorCode.IN_USE, "another program");
        Files.delete(mark);
        assertRefused(SELF, ErrorCode.IN_USE, "no command log");
        Files.writeString(mark, line.substring(0, 40));
        assertRefused(SELF, ErrorCode.CORRUPT, "damaged");
    }

    @Test
    void aLogThatVanishedIsNotFoundedAgain() throws Exception {
        run(new CurrentState(), log -> {});
        Files.move(temporary.resolve("log"), temporary.resolve("elsewhere"));
        assertRefused(SELF, ErrorCode.CORRUPT, "is gone");
    }

    @Test
    void closingLeavesNoThreadAndMayBeRepeated() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        CurrentState state = new CurrentState();
        RaftCommandLog log = open(defaults(), SELF, state);
        log.start();
        log.close();
        log.close();
        assertThatThrownBy(() -> createBucket(log, "late"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NODE_UNAVAILABLE));
        Set<String> left = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread) && thread.isAlive())
                .map(Thread::getName)
                // The JDK's, for all virtual threads, and that of a client in another test of this process.
                .filter(name -> !name.matches("(VirtualThread-|ForkJoinPool-1-|globalEventExecutor).*"))
                .collect(Collectors.toSet());
        assertThat(left).isEmpty();
    }

    @Test
    void oversizedCommandsAreRefusedBeforeTheLog() {
        CurrentState state = new CurrentState();
        run(state, log -> {
            assertThatThrownBy(() -> log.submit(new Command.ChangeSettings(Map.of("a", "x".repeat(2 << 20)))))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE));
            createBucket(log, "still-works");
        });
    }

    /// Changes the byte at that place, whatever it is.
    private static void damage(Path file, long place) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, place);
            channel.write(one.put(0, (byte) ~one.get(0)).rewind(), place);
        }
    }

    private void run(CurrentState state, Consumer<RaftCommandLog> body) {
        try (RaftCommandLog log = open(defaults(), SELF, state)) {
            log.start();
            body.accept(log);
        }
    }

    private void assertRefused(NodeId self, ErrorCode code, String text) {
        RaftCommandLog log = open(defaults(), self, new CurrentState());
        assertThatThrownBy(log::start).isInstanceOfSatisfying(StoreException.class, e -> {
            assertThat(e.text()).contains(text);
            assertThat(e.code()).isEqualTo(code);
        });
    }

    /// Runs a writer that begins with that number until it acknowledged so many, and kills it. Returns the last number
    /// that it acknowledged.
    private int killAfter(int first, int count) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RaftWriterMain.class.getName(),
                        temporary.toString(),
                        Integer.toString(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int last = -1;
        try (BufferedReader lines = process.inputReader()) {
            for (int read = 0; read < count; read++) {
                last = Integer.parseInt(lines.readLine());
            }
            // Killing by the process itself would close the stream.
            process.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Integer.parseInt(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return last;
    }

    private List<Path> filesNamed(String glob) throws IOException {
        try (Stream<Path> files = Files.walk(temporary)) {
            var matcher = temporary.getFileSystem().getPathMatcher("glob:" + glob);
            return files.filter(path -> matcher.matches(path.getFileName())).toList();
        }
    }

    private static int endOfEntries(Path segment) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        int end = "RaftLog1".length();
        // The length of the body as a varint, the body, and a checksum, which may end in zeros as what follows does.
        for (int length = varint(bytes.position(end)); length > 0; length = varint(bytes.position(end))) {
            end = bytes.position() + length + Integer.BYTES;
        }
        return end;
    }

    private static int varint(ByteBuffer bytes) {
        int value = 0;
        for (int shift = 0; bytes.hasRemaining(); shift += 7) {
            byte next = bytes.get();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                break;
            }
        }
        return value;
    }

    /// A group of one, which calls nobody.
    private RaftCommandLog open(RaftConfig config, NodeId self, CurrentState state) {
        return new RaftCommandLog(
                config, RaftWriterMain.parts(self, temporary, state, metrics), new Membership.Founding());
    }

    private static RaftConfig defaults() {
        return Settings.defaults(RaftConfig.class);
    }

    private static Applied createBucket(RaftCommandLog log, String name) {
        return log.submit(new Command.CreateBucket(BucketName.of(name), 1, Map.of()));
    }
}
