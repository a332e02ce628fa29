package io.forebay.storage.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.Provider;
import io.forebay.protocol.api.batch.BatchEntry;
import io.forebay.protocol.api.batch.BatchRequest;
import io.forebay.protocol.api.batch.BatchResult;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/// Batches of which other nodes have a part.
final class OtherNodesTest {
    private static final BucketName BUCKET = new BucketName(Provider.AIS, Namespace.GLOBAL, "b");
    private static final int OBJECTS = 40;
    private static final int WINDOW = 16;

    private final BatchOfNodes nodes = new BatchOfNodes();
    private final Metrics metrics = new Metrics();
    private final List<String> names = new ArrayList<>();

    /// Objects of all sizes, a third of them here.
    private OtherNodesTest() {
        Random random = new Random(5);
        for (int index = 0; index < OBJECTS; index++) {
            String name = "o" + index;
            byte[] bytes = new byte[index % 5 == 0 ? 0 : index % 7 == 0 ? 100_000 : random.nextInt(3000)];
            random.nextBytes(bytes);
            nodes.objects.put(name, bytes);
            if (index % 3 > 0) {
                nodes.owners.put(name, new NodeId("node" + index % 3));
            }
            names.add(name);
        }
    }

    private Batches batches(String memory) {
        BatchConfig config = Settings.of(BatchConfig.class)
                .bind(Map.of("ahead", Integer.toString(WINDOW), "memory", memory, "max-missing", "3"));
        return new Batches(config, InstantSource.fixed(Instant.EPOCH), System::nanoTime, metrics, "node=\"n\"");
    }

    private BatchStream begin(String memory, List<String> wanted) {
        List<BatchEntry> entries = wanted.stream()
                .map(name -> new BatchEntry(name, null, null, null, null, null, 0, 0))
                .toList();
        return batches(memory).begin(new BatchRequest(".tar", entries, true, true, true), BUCKET, nodes, 0);
    }

    private static byte[] read(BatchStream stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ByteBuffer bytes = stream.next(); bytes != null; bytes = stream.next()) {
            byte[] piece = new byte[bytes.remaining()];
            bytes.get(piece);
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }

    private byte[] read(String memory, List<String> wanted) {
        try (BatchStream stream = begin(memory, wanted)) {
            return read(stream);
        }
    }

    /// The same batch where everything is here.
    private byte[] expected() {
        Map<String, NodeId> owners = Map.copyOf(nodes.owners);
        nodes.owners.clear();
        byte[] all = read("64MiB", names);
        nodes.owners.putAll(owners);
        nodes.openedAlone.set(0);
        return all;
    }

    /// An answer that was still asked for when its batch ended is let go of when it is there.
    private void assertNothingIsHeld() {
        while (!metrics.text().contains("forebay_batch_ahead_bytes{node=\"n\"} 0")) {
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(nodes.answersOpen).hasValue(0);
    }

    @Test
    void eachOtherNodeIsAskedForItsOwnTogether() {
        byte[] expected = expected();
        assertThat(read("64MiB", names)).isEqualTo(expected);
        assertThat(nodes.openedAlone).as("those that are here").hasValue(OBJECTS - nodes.owners.size());
        assertThat(nodes.asked).as("twice for each half window").hasValueLessThanOrEqualTo(2 * OBJECTS / (WINDOW / 2));
        assertNothingIsHeld();
    }

    @Test
    void anAnswerThatBreaksOffIsReadOnOneByOne() {
        byte[] expected = expected();
        for (long answered : new long[] {0, 1, 11, 12, 13, 14, 500, 3000, 20_000, 100_000}) {
            nodes.answered = answered;
            assertThat(read("64MiB", names)).as("after %s bytes", answered).isEqualTo(expected);
        }
        assertThat(metrics.text()).contains("forebay_batch_retries_total");
        assertNothingIsHeld();
    }

    @Test
    void aNodeThatDoesNotAnswerIsAskedOneByOne() {
        byte[] expected = expected();
        nodes.answered = -1;
        assertThat(read("64MiB", names)).isEqualTo(expected);
        assertThat(nodes.openedAlone).hasValue(OBJECTS);
        assertNothingIsHeld();
    }

    @Test
    void whatHasMovedMeanwhileIsOpenedAlone() {
        byte[] expected = expected();
        nodes.moved.addAll(List.of("o1", "o2", "o37"));
        assertThat(read("64MiB", names)).isEqualTo(expected);
        assertThat(nodes.openedAlone).hasValue(OBJECTS - nodes.owners.size() + 3);
        assertNothingIsHeld();
    }

    @Test
    void withoutMemoryForAnswersEntriesAreReadInTheirTurn() {
        byte[] expected = expected();
        assertThat(read("1KiB", names)).isEqualTo(expected);
        assertThat(nodes.asked).hasValue(0);
        assertThat(read("512KiB", names)).isEqualTo(expected);
        assertThat(nodes.asked).hasValueGreaterThan(0);
        assertNothingIsHeld();
    }

    @Test
    void whatAnotherNodeDoesNotHaveIsMissedAlone() {
        nodes.objects.remove("o1");
        nodes.objects.remove("o38");
        try (BatchStream stream = begin("64MiB", names)) {
            assertThat(read(stream)).isNotEmpty();
            List<BatchResult.Entry> missed = stream.results().stream()
                    .filter(entry -> entry.error() != null)
                    .toList();
            assertThat(missed).extracting(BatchResult.Entry::name).containsExactly("o1", "o38");
            assertThat(missed)
                    .extracting(BatchResult.Entry::error)
                    .containsExactly("ais://b/o1 does not exist", "ais://b/o38 does not exist");
        }
        assertNothingIsHeld();
        nodes.objects.keySet().removeAll(List.of("o2", "o4"));
        assertThatThrownBy(() -> read("64MiB", names))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_SUCH_OBJECT))
                .hasMessageContaining("more than 3 entries");
        assertNothingIsHeld();
    }

    @Test
    void aBatchThatIsGivenUpHoldsNothing() {
        try (BatchStream stream = begin("64MiB", names)) {
            stream.prepare();
            assertThat(stream.next()).isNotNull();
        }
        assertNothingIsHeld();
    }
}
