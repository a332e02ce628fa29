package io.forebay.storage.object;

import static io.forebay.storage.object.StoreFixture.bytes;
import static io.forebay.storage.object.StoreFixture.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.Checksummers;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.Durability;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.RecordDraft;
import io.forebay.storage.metadata.Stamp;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes that hold copies of each other's keys.
final class SharedKeysTest {
    private static final Bucket BUCKET = StoreFixture.bucket(1, Durability.GROUP);

    @TempDir
    private Path folder;

    private final Holders holders = new Holders(() -> List.of(other().store()));
    private final Holders holdersOfOther = new Holders(() -> List.of(fixture().store()));
    private StoreFixture fixture;
    private StoreFixture other;

    @BeforeEach
    void open() {
        fixture = StoreFixture.among(folder.resolve("one"), holders);
        other = StoreFixture.among(folder.resolve("two"), holdersOfOther);
    }

    @AfterEach
    void close() {
        fixture.close();
        other.close();
    }

    private StoreFixture fixture() {
        return fixture;
    }

    private StoreFixture other() {
        return other;
    }

    private ObjectStore store() {
        return fixture.store();
    }

    private static Held held(StoreFixture node, String name) {
        return Objects.requireNonNull(node.store().holdings().find(BUCKET, new ObjectKey(BUCKET.name(), name)), name);
    }

    /// That both have the same object, and what it is.
    private RecordDraft assertShared(String name, byte[] content) {
        assertThat(fixture.get(BUCKET, name)).isEqualTo(content);
        assertThat(other.get(BUCKET, name)).isEqualTo(content);
        RecordDraft here = RecordDraft.describing(Objects.requireNonNull(fixture.record(BUCKET, name)));
        assertThat(RecordDraft.describing(Objects.requireNonNull(other.record(BUCKET, name))))
                .isEqualTo(here);
        return here;
    }

    private static void assertFails(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void everyChangeIsMadeAtBoth() {
        byte[] small = bytes(1, 200);
        byte[] large = bytes(2, 50_000);
        fixture.put(BUCKET, "a", small);
        assertThat(assertShared("a", small).stamp()).isEqualTo(new Stamp(3, 1));
        fixture.put(BUCKET, "a", large);
        assertThat(assertShared("a", large).stamp()).isEqualTo(new Stamp(3, 2));
        store().updateCustom(BUCKET, key(BUCKET, "a"), Map.of("k", "v"), MapChange.REPLACE);
        assertThat(assertShared("a", large).custom()).containsOnly(Map.entry("k", "v"));
        holders.epoch = 4;
        store().updateSystem(BUCKET, key(BUCKET, "a"), Map.of("content-type", "a/b"), Conditions.NONE);
        assertThat(assertShared("a", large).stamp()).isEqualTo(new Stamp(4, 4));
        assertThat(store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE)).isTrue();
        assertThat(fixture.get(BUCKET, "a")).isNull();
        assertThat(other.get(BUCKET, "a")).isNull();
        assertThat(held(other, "a")).isEqualTo(new Held(new Stamp(4, 5), null));
        assertThat(store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE)).isFalse();
    }

    @Test
    void aRemovalIsRememberedAtBothWhereOthersMayHaveTheKey() {
        holders.leavesTombstone = true;
        fixture.put(BUCKET, "a", bytes(1, 200));
        store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE);
        assertThat(held(fixture, "a")).isEqualTo(new Held(new Stamp(3, 2), null));
        assertThat(held(other, "a")).isEqualTo(new Held(new Stamp(3, 2), null));
        assertThat(fixture.put(BUCKET, "a", bytes(1, 200)).stamp()).isEqualTo(new Stamp(3, 3));
    }

    @Test
    void anObjectElsewhereIsRemovedWithoutBeingHere() {
        holders.leavesTombstone = true;
        assertThat(store().removeElsewhere(BUCKET, key(BUCKET, "a"), new Stamp(2, 7)))
                .isNotNull();
        assertThat(held(fixture, "a")).isEqualTo(new Held(new Stamp(3, 8), null));
        assertThat(store().removeElsewhere(BUCKET, key(BUCKET, "a"), new Stamp(2, 7)))
                .isNull();
    }

    @Test
    void whatIsMadeOfPartsIsAtBoth() {
        byte[] one = bytes(1, 20_000);
        byte[] two = bytes(2, 300);
        String id = upload("m", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "m", id, 1, one);
        fixture.putPart(BUCKET, "m", id, 2, two);
        complete("m", id);
        byte[] whole = concat(one, two);
        assertShared("m", whole);
        String more = upload("m", Upload.Kind.EXTEND);
        fixture.putPart(BUCKET, "m", more, 1, two);
        complete("m", more);
        assertThat(assertShared("m", concat(whole, two)).stamp()).isEqualTo(new Stamp(3, 2));
    }

    @Test
    void partsThatChangeWhileTheyAreSentAreSentAgain() {
        String id = upload("m", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "m", id, 1, bytes(1, 20_000));
        AtomicBoolean once = new AtomicBoolean();
        holders.whenStaged = () -> {
            if (once.compareAndSet(false, true)) {
                fixture.putPart(BUCKET, "m", id, 1, bytes(2, 20_000));
            }
        };
        complete("m", id);
        assertShared("m", bytes(2, 20_000));
        String next = upload("n", Upload.Kind.MULTIPART);
        fixture.putPart(BUCKET, "n", next, 1, bytes(1, 200));
        holders.whenStaged = () -> fixture.putPart(BUCKET, "n", next, 1, bytes(System.nanoTime(), 200));
        assertFails(ErrorCode.IN_USE, () -> complete("n", next));
    }

    @Test
    void anEndedUploadIsRememberedWhereOthersMayHaveIt() {
        holders.leavesTombstone = true;
        for (boolean abort : List.of(true, false)) {
            String name = "upload" + abort;
            String id = upload(name, Upload.Kind.MULTIPART);
            fixture.putPart(BUCKET, name, id, 1, bytes(1, 200));
            Holdings holdings = store().holdings();
            var record = Objects.requireNonNull(holdings.findUpload(BUCKET, key(BUCKET, name), id));
            if (abort) {
                store().abortUpload(BUCKET, key(BUCKET, name), id);
            } else {
                complete(name, id);
            }
            assertThat(holdings.receiveUpload(BUCKET, key(BUCKET, name), id, record))
                    .isFalse();
            assertThat(store().findUpload(BUCKET, key(BUCKET, name), id)).isNull();
        }
        assertThat(fixture.names(BUCKET)).containsExactly("uploadfalse");
        try (HeldScan scan = store().holdings().scan(BUCKET.id())) {
            assertThat(scan.next()).isTrue();
            assertThat(scan.name()).isEqualTo("uploadfalse");
            assertThat(scan.next()).as("tombstones of uploads").isFalse();
        }
    }

    @Test
    void aGreaterStampElsewhereIsSurpassed() {
        byte[] stale = bytes(1, 100);
        receive(other, "a", stale, new Stamp(3, 5));
        fixture.put(BUCKET, "a", bytes(2, 100));
        assertThat(assertShared("a", bytes(2, 100)).stamp()).isEqualTo(new Stamp(3, 6));
        receive(other, "b", stale, new Stamp(3, 5));
        fixture.put(BUCKET, "c", bytes(3, 100));
        assertThat(held(other, "c").stamp()).isEqualTo(new Stamp(3, 1));
    }

    @Test
    void nothingIsChangedHereWhenOthersDoNotTakeIt() {
        fixture.put(BUCKET, "a", bytes(1, 100));
        holders.isReachable = false;
        assertFails(ErrorCode.NODE_UNAVAILABLE, () -> fixture.put(BUCKET, "a", bytes(2, 100)));
        assertFails(ErrorCode.NODE_UNAVAILABLE, () -> store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE));
        assertFails(
                ErrorCode.NODE_UNAVAILABLE,
                () -> store().updateCustom(BUCKET, key(BUCKET, "a"), Map.of("k", "v"), MapChange.REPLACE));
        assertThat(assertShared("a", bytes(1, 100)).stamp()).isEqualTo(new Stamp(3, 1));
        holders.isReachable = true;
        fixture.put(BUCKET, "a", bytes(2, 100));
        assertThat(assertShared("a", bytes(2, 100)).stamp())
                .as("above those of the three that others may have taken")
                .isEqualTo(new Stamp(3, 5));
    }

    @Test
    void theBytesOfARefusedWriteCanBeSentElsewhere() {
        holders.isOwner = false;
        byte[] content = bytes(1, 30_000);
        try (WriteSession session = store().begin(BUCKET, key(BUCKET, "a"), WriteOptions.ofLength(content.length))) {
            StoreFixture.writeInPieces(session, content);
            assertFails(ErrorCode.NOT_OWNER, () -> session.commit(Conditions.NONE));
            assertThat(session.content().size()).isEqualTo(30_000);
            assertThat(read(session.content())).isEqualTo(content);
            assertThat(read(session.content())).as("again").isEqualTo(content);
        }
        assertFails(ErrorCode.NOT_OWNER, () -> store().remove(BUCKET, key(BUCKET, "a"), Conditions.NONE));
        assertFails(ErrorCode.NOT_OWNER, () -> upload("a", Upload.Kind.MULTIPART));
        assertThat(fixture.names(BUCKET)).isEmpty();
    }

    @Test
    void anAdoptedObjectKeepsItsStampAndIsAtBoth() {
        byte[] content = bytes(1, 30_000);
        RecordDraft description = description(content, new Stamp(2, 7));
        assertThat(adopt(content, description)).isEqualTo(new Received(true, new Stamp(2, 7)));
        assertThat(assertShared("a", content)).isEqualTo(description);
        fixture.put(BUCKET, "a", bytes(2, 10));
        assertThat(adopt(content, description)).isEqualTo(new Received(false, new Stamp(3, 8)));
        assertShared("a", bytes(2, 10));
    }

    @Test
    void whatAnotherHolderLacksIsGivenToIt() {
        byte[] content = bytes(1, 30_000);
        receive(fixture, "a", content, new Stamp(2, 7));
        assertThat(store().holdings().share(BUCKET, key(BUCKET, "a"))).isNull();
        assertThat(assertShared("a", content).stamp()).isEqualTo(new Stamp(2, 7));
        assertThat(store().holdings().share(BUCKET, key(BUCKET, "a")))
                .as("again")
                .isNull();
        store().holdings().receiveRemoval(BUCKET, key(BUCKET, "a"), new Stamp(2, 8));
        assertThat(store().holdings().share(BUCKET, key(BUCKET, "a"))).isNull();
        assertThat(other.get(BUCKET, "a")).isNull();
        receive(other, "b", content, new Stamp(2, 9));
        receive(fixture, "b", content, new Stamp(2, 8));
        assertThat(store().holdings().share(BUCKET, key(BUCKET, "b"))).isEqualTo(new Stamp(2, 9));
        assertThat(store().holdings().share(BUCKET, key(BUCKET, "c"))).isNull();
    }

    private Received adopt(byte[] content, RecordDraft description) {
        try (ReceiveSession session = store().holdings().receive(BUCKET, key(BUCKET, "a"), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            return session.adopt(description);
        }
    }

    /// Keys share locks. With one lock for the whole of a change, two nodes would soon wait for each other
    /// forever.
    @Test
    void nodesThatWriteEachOthersKeysAtOnceDoNotWaitForever() throws InterruptedException, ExecutionException {
        int writers = 16;
        int rounds = 60;
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            StoreFixture node = writer % 2 == 0 ? fixture : other;
            int first = writer;
            tasks.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    for (int at = 0; at < 20; at++) {
                        // Even names belong to one node, odd ones to the other.
                        String name = "n" + (first + writers * (round * 20 + at));
                        node.put(BUCKET, name, bytes(round, 10));
                    }
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(writers)) {
            for (Future<Void> done : threads.invokeAll(tasks)) {
                done.get();
            }
        }
        assertThat(fixture.names(BUCKET)).hasSize(writers * rounds * 20);
        assertThat(other.names(BUCKET)).isEqualTo(fixture.names(BUCKET));
    }

    private static RecordDraft description(byte[] content, Stamp stamp) {
        return new RecordDraft(
                content.length,
                5,
                5,
                1,
                stamp,
                List.of(Checksummers.of(ChecksumType.XXHASH64, ByteBuffer.wrap(content))),
                null,
                null,
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
    }

    private static void receive(StoreFixture node, String name, byte[] content, Stamp stamp) {
        try (ReceiveSession session = node.store().holdings().receive(BUCKET, key(BUCKET, name), content.length)) {
            session.write(ByteBuffer.allocateDirect(content.length).put(content).flip());
            assertThat(session.commit(description(content, stamp)).accepted()).isTrue();
        }
    }

    private static byte[] read(Content content) {
        byte[] all = new byte[(int) content.size()];
        int at = 0;
        try (ByteSource source = content.open()) {
            for (ByteBuffer bytes = source.next(); bytes != null; bytes = source.next()) {
                int count = bytes.remaining();
                bytes.get(all, at, count);
                at += count;
            }
        }
        return Arrays.copyOf(all, at);
    }

    private String upload(String name, Upload.Kind kind) {
        return store().createUpload(BUCKET, key(BUCKET, name), new Upload.Options(kind, "", Map.of(), Map.of()));
    }

    private void complete(String name, String id) {
        store().completeUpload(
                        BUCKET,
                        key(BUCKET, name),
                        id,
                        Conditions.NONE,
                        (upload, parts) -> new Completion(parts, null, List.of(), null, null));
    }

    private static byte[] concat(byte[] one, byte[] two) {
        byte[] whole = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, whole, one.length, two.length);
        return whole;
    }
}
