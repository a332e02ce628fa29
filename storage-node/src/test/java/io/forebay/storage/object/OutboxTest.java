package io.forebay.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Stamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is told of changes is kept with them, wherever they are.
final class OutboxTest {
    private static final Bucket TOLD = StoreFixture.bucket(1, Durability.GROUP);
    private static final Bucket OTHER = StoreFixture.bucket(2, Durability.GROUP);
    private static final String QUEUE = "queue";

    @TempDir
    private Path folder;

    private final Reporter reporter = new Reporter();
    private VolumesFixture node;

    /// Tells of the bucket 1, twice of names that begin with `two`.
    private static final class Reporter implements Announcer {
        private final List<Notice> kept = new ArrayList<>();
        private boolean full;

        @Override
        public boolean listens(Bucket bucket) {
            return bucket.id() == TOLD.id();
        }

        @Override
        public void admit(Bucket bucket) {
            if (full && listens(bucket)) {
                throw new StoreException(ErrorCode.BUSY, "full");
            }
        }

        @Override
        public List<Notice> of(Bucket bucket, ObjectKey key, Change change) {
            ObjectRecord record = change.record();
            String text = change.kind() + " " + key.name() + (record == null ? "" : " " + record.size());
            Notice notice = new Notice(QUEUE, text);
            return key.name().startsWith("two") ? List.of(notice, new Notice("second", text)) : List.of(notice);
        }

        @Override
        public void kept(List<Notice> notices) {
            kept.addAll(notices);
        }
    }

    @BeforeEach
    void open() {
        node = new VolumesFixture(folder.resolve("list"), List.of(path("v1"), path("v2"), path("v3")));
        node.announcer = reporter;
        node.open();
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void everyChangeIsToldInItsOrder() {
        node.put(TOLD, "a", new byte[10]);
        node.put(TOLD, "a", new byte[40_000]);
        node.put(OTHER, "b", new byte[10]);
        String upload = node.createUpload(TOLD, "c", Upload.Kind.MULTIPART);
        node.putPart(TOLD, "c", upload, 1, new byte[7]);
        node.complete(TOLD, "c", upload);
        String more = node.createUpload(TOLD, "a", Upload.Kind.EXTEND);
        node.putPart(TOLD, "a", more, 1, new byte[1]);
        node.complete(TOLD, "a", more);
        node.remove(TOLD, "a");
        assertThat(node.remove(TOLD, "none")).isFalse();
        List<String> expected =
                List.of("WRITTEN a 10", "WRITTEN a 40000", "COMPLETED c 7", "WRITTEN a 40001", "REMOVED a");
        assertThat(texts(QUEUE)).isEqualTo(expected);
        assertThat(reporter.kept).extracting(Notice::text).isEqualTo(expected);
        node.restart();
        assertThat(texts(QUEUE)).isEqualTo(expected);
        assertThat(letters(QUEUE)).isSortedAccordingTo((left, right) -> Long.compare(left.number(), right.number()));
        node.put(TOLD, "after", new byte[0]);
        assertThat(texts(QUEUE).getLast()).isEqualTo("WRITTEN after 0");
        assertThat(node.names(TOLD)).containsExactly("after", "c");
    }

    @Test
    void whatDoesNotHappenIsNotTold() {
        node.put(TOLD, "a", new byte[1]);
        Conditions absent = Conditions.ABSENT;
        assertThatThrownBy(() -> node.put(TOLD, "a", new byte[2], WriteOptions.ofLength(2), absent))
                .isInstanceOf(StoreException.class);
        node.store().spreadRemoval(TOLD, StoreFixture.key(TOLD, "a"), new Stamp(9, 9));
        node.store().renew(OTHER, StoreFixture.key(OTHER, put(OTHER, "b")));
        assertThat(texts(QUEUE)).containsExactly("WRITTEN a 1");
    }

    @Test
    void changesAreRefusedWhileNobodyCanBeToldOfThem() {
        node.put(TOLD, "a", new byte[1]);
        reporter.full = true;
        assertThatThrownBy(() -> node.put(TOLD, "a", new byte[2])).hasMessage("full");
        assertThatThrownBy(() -> node.remove(TOLD, "a")).hasMessage("full");
        assertThat(node.remove(TOLD, "none")).isFalse();
        put(OTHER, "b");
        assertThat(texts(QUEUE)).containsExactly("WRITTEN a 1");
        assertThat(node.get(TOLD, "a")).hasSize(1);
    }

    @Test
    void lettersAreTakenOutOneByOne() {
        for (int number = 0; number < 20; number++) {
            node.put(TOLD, "two" + number, new byte[number]);
        }
        assertThat(node.store().outbox().counts()).containsEntry(QUEUE, 20L).containsEntry("second", 20L);
        List<Letter> first = node.store().outbox().first(QUEUE, 5);
        assertThat(first)
                .extracting(Letter::text)
                .containsExactly(
                        "WRITTEN two0 0", "WRITTEN two1 1", "WRITTEN two2 2", "WRITTEN two3 3", "WRITTEN two4 4");
        node.store().outbox().remove(List.of(first.get(0), first.get(2)));
        node.store().outbox().remove(List.of(first.get(0)));
        assertThat(node.store().outbox().counts()).containsEntry(QUEUE, 18L).containsEntry("second", 20L);
        assertThat(node.store().outbox().first(QUEUE, 2)).containsExactly(first.get(1), first.get(3));
        assertThat(node.store().bucketIds()).containsExactly(TOLD.id());
    }

    @Test
    void lettersOutliveCompactionAndTheirIndex() throws IOException {
        for (int number = 0; number < 6000; number++) {
            node.put(TOLD, "name" + number % 10, new byte[500]);
        }
        List<Letter> all = letters(QUEUE);
        List<Letter> kept = new ArrayList<>();
        List<Letter> told = new ArrayList<>();
        for (Letter letter : all) {
            (letter.number() % 40 == 0 || kept.size() < 3 ? kept : told).add(letter);
        }
        node.store().outbox().remove(told);
        for (VolumeStore store : node.store().volumes().all()) {
            while (store.compaction().step() >= 0) {
                assertThat(letters(QUEUE)).hasSameSizeAs(kept);
            }
        }
        assertThat(letters(QUEUE)).isEqualTo(kept);
        assertThat(node.metrics.text()).as("something was compacted").containsPattern("compacted_total\\{[^}]*} [1-9]");
        node.close();
        for (String name : List.of("v1", "v2", "v3")) {
            LiveTree.delete(folder.resolve(name).resolve(VolumeStore.INDEX_FOLDER));
        }
        node.open();
        assertThat(letters(QUEUE)).isEqualTo(kept);
    }

    @Test
    void lettersLeaveAVolumeThatIsEmptied() {
        for (int number = 0; number < 60; number++) {
            node.put(TOLD, "name" + number, new byte[1]);
        }
        List<Letter> before = letters(QUEUE);
        node.store().changeVolume(path("v2"), VolumeChange.DRAIN);
        assertThat(node.store().settle()).isTrue();
        assertThat(letters(QUEUE)).isEqualTo(before);
        node.store().changeVolume(path("v2"), VolumeChange.REMOVE);
        assertThat(letters(QUEUE)).isEqualTo(before);
    }

    private String put(Bucket bucket, String name) {
        node.put(bucket, name, new byte[1]);
        return name;
    }

    private List<String> texts(String queue) {
        return letters(queue).stream().map(Letter::text).toList();
    }

    private List<Letter> letters(String queue) {
        return node.store().outbox().first(queue, 100_000);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }
}
