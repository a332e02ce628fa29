package io.forebay.storage.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.rule.LifecycleRule;
import io.forebay.cluster.rule.LifecycleRule.Expiration;
import io.forebay.cluster.rule.LifecycleRule.Noncurrent;
import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleFilter;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.Node;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.InMemoryCommandLog;
import io.forebay.cluster.watch.Lease;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.lifecycle.Closing;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.common.model.VersionId;
import io.forebay.common.time.SteerableTime;
import io.forebay.storage.StorageNodeConfig;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Announcer;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.MapChange;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.ReadOutcome;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.VersionScan;
import io.forebay.storage.object.VolumeFolders;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import io.forebay.storage.peer.Peers;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LifecycleTest {
    private static final NodeId SELF = new NodeId("node1");
    private static final Instant BEGIN = Instant.parse("2026-01-15T10:30:00Z");
    private static final RuleFilter ALL = filter("");
    private static final String TEXT = "text";

    @TempDir
    private Path folder;

    private final SteerableTime time = new SteerableTime();
    private final InstantSource clock = () -> BEGIN.plusNanos(time.nanos());
    private final CurrentState state = new CurrentState();
    private final InMemoryCommandLog log = new InMemoryCommandLog(state);
    private final Metrics metrics = new Metrics();
    private final Closing closing = new Closing();
    private @Nullable ObjectStore store;
    private Lifecycle.@Nullable Parts parts;

    @BeforeEach
    void open() {
        log.submit(new Command.Found("cluster1", 1_700_000_000_000L));
        log.submit(new Command.Join(new Node(SELF, Node.Role.STORAGE, "http://127.0.0.1:3", "", Node.Phase.ACTIVE)));
        log.submit(new Command.CreateBucket(BucketName.of("b"), 1_700_000_000_000L, Map.of()));
        Lease lease = new Lease(Duration.ofSeconds(1), time, time, metrics, "");
        lease.renew(Duration.ofDays(1000).toNanos());
        StorageNodeConfig config = Settings.of(StorageNodeConfig.class)
                .bind(Map.of("store.index.memory", "10MiB", "store.index.hot-share", "10%"));
        Peers peers = new Peers(new Peers.Parts(
                SELF,
                state,
                lease,
                (outer, id, request, body) -> {
                    throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "node " + id + " is not there");
                },
                view -> {},
                config.statePatience(),
                config.peer(),
                time,
                time,
                metrics));
        ObjectStore opened = closing.add(ObjectStore.open(
                config.store(),
                new VolumeFolders(null, List.of(folder)),
                new VolumeOwner("cluster1", SELF),
                clock,
                metrics,
                peers.redundancy(),
                Announcer.SILENT));
        Peers.Dealings dealings = peers.over(opened);
        closing.add(dealings.staged());
        closing.add(peers).start();
        time.settle();
        store = opened;
        parts = new Lifecycle.Parts(
                state, peers.fence(), dealings.consult(), opened, config.lifecycle(), clock, time, time, metrics);
        closing.add(new Lifecycle(parts())).start();
        time.settle();
    }

    @AfterEach
    void close() {
        closing.close();
    }

    @Test
    void objectsEndAtTheMidnightAfterTheirDays() {
        put("logs/old", "x", "");
        put("kept", "x", "");
        rules(rule(true, filter("logs/"), new Expiration(3, null, false), null));
        time.advance(Duration.ofDays(2));
        put("logs/young", "x", "");
        time.advance(Duration.ofHours(37));
        assertThat(names()).as("at 2026-01-18T23:30").containsExactly("kept", "logs/old", "logs/young");
        time.advance(Duration.ofHours(1));
        assertThat(names()).as("at 2026-01-19T00:30").containsExactly("kept", "logs/young");
        assertThat(metric("expired_total")).isEqualTo(1);
        time.advance(Duration.ofDays(2));
        assertThat(names()).containsExactly("kept");
        assertThat(metric("expired_total")).isEqualTo(2);
        assertThat(metric("looked_at_total")).as("each of them once an hour").isEqualTo(86 + 86);
        assertThat(metric("failures_total")).isZero();
        assertThat(metric("last_round_seconds"))
                .isEqualTo(Instant.parse("2026-01-21T00:30:00Z").getEpochSecond());
    }

    @Test
    void objectsEndFromADateOn() {
        put("old", "x", "");
        rules(
                rule(true, filter("o"), new Expiration(null, millis("2026-01-16T00:00:00Z"), false), null),
                rule(false, ALL, new Expiration(1, null, false), null));
        put("other", "x", "");
        put("present", "x", "");
        time.advance(Duration.ofHours(13));
        assertThat(names()).containsExactly("old", "other", "present");
        time.advance(Duration.ofHours(1));
        assertThat(names()).containsExactly("present");
        put("once more", "x", "");
        time.advance(Duration.ofDays(10));
        assertThat(names()).containsExactly("present");
    }

    @Test
    void sizesAndTagsCount() {
        put("small", "1", "");
        put("middle", "12", "k=v&a=b%20c");
        put("middle, other", "12", "k=w");
        put("middle, none", "12", "");
        put("large", "123", "k=v&a=b%20c");
        rules(rule(
                true,
                new RuleFilter(false, "", Map.of("k", "v", "a", "b c"), 1L, 3L),
                new Expiration(1, null, false),
                null));
        time.advance(Duration.ofDays(2));
        assertThat(names()).containsExactly("large", "middle, none", "middle, other", "small");
    }

    @Test
    void onlyWhatWasLookedAtIsRemoved() {
        put("o", "x", "");
        ObjectRecord before = record("o");
        Endings endings = new Endings(parts(), "test=\"1\"");
        time.advance(Duration.ofDays(1));
        put("o", "x", "");
        assertThatThrownBy(() -> remove(endings, before)).hasMessageContaining("modified at another time");
        assertThat(names()).containsExactly("o");
        remove(endings, record("o"));
        assertThat(names()).isEmpty();
        assertThatThrownBy(() -> remove(endings, before)).hasMessageContaining("does not exist");
        assertThat(count("forebay_lifecycle_expired_total{test=\"1\"}")).isEqualTo(1);
    }

    private void remove(Endings endings, ObjectRecord record) {
        VersionScan.Version version = new VersionScan.Version(VersionId.NULL, record, true);
        endings.remove(bucket(), key("o"), version, parts().fence().view().servingEpoch());
    }

    @Test
    void manyKeysAreLookedAtInSeveralSteps() {
        for (int number = 0; number < 2500; number++) {
            put("n" + number, "x", "");
        }
        put("m", "x", "");
        rules(rule(true, filter("n"), new Expiration(1, null, false), null));
        time.advance(Duration.ofDays(2));
        assertThat(names()).containsExactly("m");
    }

    @Test
    void uploadsEndThatAreNotCompleted() {
        rules(rule(true, filter("up"), null, 2));
        String late = upload("up", Upload.Kind.MULTIPART, "");
        String other = upload("other", Upload.Kind.MULTIPART, "");
        String appended = upload("up", Upload.Kind.APPEND, "");
        time.advance(Duration.ofDays(1));
        String young = upload("up", Upload.Kind.MULTIPART, "");
        assertThat(uploads()).containsExactlyInAnyOrder(late, other, appended, young);
        time.advance(Duration.ofHours(38));
        assertThat(uploads()).containsExactlyInAnyOrder(other, appended, young);
        assertThat(metric("aborted_total")).isEqualTo(1);
    }

    @Test
    void whatACrashLeftOfOneRequestEndsWithoutRules() {
        put("o", "x", "");
        upload("o", Upload.Kind.EXTEND, Upload.OF_ONE_REQUEST);
        String handle = upload("o", Upload.Kind.EXTEND, "");
        time.advance(Duration.ofHours(23));
        assertThat(uploads()).hasSize(2);
        time.advance(Duration.ofHours(2));
        assertThat(uploads()).containsExactly(handle);
        assertThat(names()).containsExactly("o");
    }

    @Test
    void rulesThatCannotBeReadAreFailures() {
        put("o", "x", "");
        set(LifecycleRules.PROPERTY, "no rules");
        time.advance(Duration.ofHours(1));
        assertThat(metric("failures_total")).isEqualTo(1);
        assertThat(names()).containsExactly("o");
    }

    @Test
    void taggingAnObjectDoesNotRenewIt() {
        put("o", "x", "k=v");
        rules(rule(true, ALL, new Expiration(1, null, false), null));
        time.advance(Duration.ofHours(30));
        store().updateSystem(bucket(), key("o"), Map.of("x-amz-tagging", ""), Conditions.NONE);
        store().updateCustom(bucket(), key("o"), Map.of("a", "b"), MapChange.MERGE);
        time.advance(Duration.ofHours(10));
        assertThat(names()).isEmpty();
    }

    @Test
    void objectsOfABucketWithVersionsEndByAMarker() {
        set(Bucket.VERSIONING, "Enabled");
        put("o", "old", "");
        put("o", "new", "");
        rules(rule(true, ALL, new Expiration(1, null, false), null));
        time.advance(Duration.ofDays(2));
        assertThat(versions("o")).containsExactly("marker", "new", "old");
        time.advance(Duration.ofDays(10));
        assertThat(versions("o")).as("there is something behind the marker").hasSize(3);
        assertThat(metric("expired_total")).isEqualTo(1);
        assertThat(metric("expired_versions_total")).isZero();
        set(Bucket.VERSIONING, "Suspended");
        put("o", "newer", "");
        time.advance(Duration.ofDays(2));
        assertThat(versions("o")).containsExactly("marker", "marker", "new", "old");
        assertThat(metric("expired_total")).isEqualTo(2);
    }

    @Test
    void versionsEndDaysAfterTheirSuccessorsCame() {
        set(Bucket.VERSIONING, "Enabled");
        put("a", "a1", "");
        put("b", "b1", "");
        time.advance(Duration.ofDays(30));
        put("a", "a2", "");
        rules(rule(ALL, null, new Noncurrent(2, null)));
        time.advance(Duration.ofDays(1));
        put("a", "a3", "");
        time.advance(Duration.ofHours(37));
        assertThat(versions("a")).as("at 2026-02-16T23:30").containsExactly("a3", "a2", "a1");
        time.advance(Duration.ofHours(1));
        assertThat(versions("a")).containsExactly("a3", "a2");
        time.advance(Duration.ofDays(1));
        assertThat(versions("a")).containsExactly("a3");
        time.advance(Duration.ofDays(30));
        assertThat(versions("a")).containsExactly("a3");
        assertThat(versions("b")).containsExactly("b1");
        assertThat(metric("expired_versions_total")).isEqualTo(2);
        assertThat(metric("failures_total")).isZero();
    }

    @Test
    void newerVersionsAreKept() {
        set(Bucket.VERSIONING, "Enabled");
        for (int number = 1; number <= 6; number++) {
            put("o", "o" + number, "");
        }
        rules(rule(ALL, null, new Noncurrent(1, 2)));
        time.advance(Duration.ofDays(2));
        assertThat(versions("o")).containsExactly("o6", "o5", "o4");
        put("o", "o7", "");
        assertThat(versions("o")).containsExactly("o7", "o6", "o5", "o4");
        time.advance(Duration.ofHours(1));
        assertThat(versions("o")).as("the oldest has not been current for days").containsExactly("o7", "o6", "o5");
    }

    @Test
    void versionsEndByTheirOwnTagsAndSizes() {
        set(Bucket.VERSIONING, "Enabled");
        put("o", "tagged", "k=v");
        put("o", "tagged, but larger", "k=v");
        put("o", "other", "k=w");
        store().remove(bucket(), key("o"), Conditions.NONE);
        put("o", "last", "k=v");
        RuleFilter filter = new RuleFilter(false, "", Map.of("k", "v"), null, 10L);
        rules(rule(filter, null, new Noncurrent(1, null)));
        time.advance(Duration.ofDays(2));
        assertThat(versions("o")).containsExactly("last", "marker", "other", "tagged, but larger");
        rules(rule(ALL, null, new Noncurrent(1, null)));
        time.advance(Duration.ofHours(1));
        assertThat(versions("o")).containsExactly("last");
    }

    @Test
    void markersEndOnceNothingIsBehindThem() {
        set(Bucket.VERSIONING, "Enabled");
        put("o", "x", "");
        store().remove(bucket(), key("o"), Conditions.NONE);
        rules(rule(ALL, new Expiration(null, null, true), new Noncurrent(1, null)));
        time.advance(Duration.ofHours(37));
        assertThat(versions("o")).containsExactly("marker", "x");
        time.advance(Duration.ofHours(1));
        assertThat(versions("o")).containsExactly("marker");
        time.advance(Duration.ofHours(1));
        assertThat(versions("o")).isEmpty();
        assertThat(metric("expired_versions_total")).isEqualTo(2);
    }

    @Test
    void markersEndWithTheDaysOfObjectsToo() {
        set(Bucket.VERSIONING, "Enabled");
        put("o", "x", "");
        store().remove(bucket(), key("o"), Conditions.NONE);
        rules(
                rule(ALL, new Expiration(3, null, false), new Noncurrent(1, null)),
                rule(
                        new RuleFilter(false, "", Map.of("k", "v"), null, null),
                        new Expiration(1, null, false),
                        new Noncurrent(1, null)));
        time.advance(Duration.ofDays(3));
        assertThat(versions("o")).containsExactly("marker");
        time.advance(Duration.ofDays(1));
        assertThat(versions("o")).isEmpty();
    }

    @Test
    void lockedVersionsStayAndAreNoFailures() {
        set(Bucket.VERSIONING, "Enabled");
        put("o", "locked", "");
        store().updateSystem(bucket(), key("o"), Map.of(ObjectLock.LEGAL_HOLD, "ON"), Conditions.NONE);
        put("o", "free", "");
        put("o", "last", "");
        rules(rule(ALL, null, new Noncurrent(1, null)));
        time.advance(Duration.ofDays(3));
        assertThat(versions("o")).containsExactly("last", "locked");
        assertThat(metric("failures_total")).isZero();
    }

    private void rules(LifecycleRule... rules) {
        set(LifecycleRules.PROPERTY, new LifecycleRules(List.of(rules)).text());
    }

    private void set(String property, String value) {
        log.submit(new Command.SetBucketProperties(BucketName.of("b"), Map.of(property, value)));
    }

    private static LifecycleRule rule(
            RuleFilter filter, @Nullable Expiration expiration, @Nullable Noncurrent noncurrent) {
        return new LifecycleRule("r", true, filter, expiration, noncurrent, null);
    }

    private static LifecycleRule rule(
            boolean enabled, RuleFilter filter, @Nullable Expiration expiration, @Nullable Integer abortDays) {
        return new LifecycleRule("r", enabled, filter, expiration, null, abortDays);
    }

    private static RuleFilter filter(String prefix) {
        return new RuleFilter(false, prefix, Map.of(), null, null);
    }

    private void put(String name, String content, String tags) {
        Map<String, String> system = tags.isEmpty() ? Map.of() : Map.of("x-amz-tagging", tags);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        WriteOptions options = new WriteOptions(bytes.length, List.of(), List.of(), system, Map.of(TEXT, content));
        try (WriteSession session = store().begin(bucket(), key(name), options)) {
            session.write(ByteBuffer.wrap(bytes));
            session.commit(Conditions.NONE);
        }
    }

    private ObjectRecord record(String name) {
        return ((ReadOutcome.Found) store().find(bucket(), key(name), Waiting.ALLOWED)).record();
    }

    private String upload(String name, Upload.Kind kind, String note) {
        return store().createUpload(bucket(), key(name), new Upload.Options(kind, note, Map.of(), Map.of()));
    }

    private List<String> uploads() {
        return store().listUploads(bucket().id(), "", "", 100).stream()
                .map(Upload::id)
                .toList();
    }

    /// The contents of an object's versions, the newest first.
    private List<String> versions(String name) {
        return store().versions(bucket(), key(name)).stream()
                .map(VersionScan.Version::record)
                .map(record ->
                        record.isDeleteMarker() ? "marker" : record.custom().getOrDefault(TEXT, ""))
                .toList();
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        try (HeldScan scan = store().holdings().scan(bucket().id())) {
            while (scan.next()) {
                if (scan.held().record() != null) {
                    names.add(scan.name());
                }
            }
        }
        return names;
    }

    private long metric(String name) {
        return count("forebay_lifecycle_" + name + "{node=\"node1\"}");
    }

    private long count(String line) {
        String prefix = line + " ";
        return metrics.text()
                .lines()
                .filter(text -> text.startsWith(prefix))
                .mapToLong(text -> (long) Double.parseDouble(text.substring(prefix.length())))
                .findFirst()
                .orElseThrow();
    }

    private Bucket bucket() {
        return Objects.requireNonNull(state.current().bucket(BucketName.of("b")));
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(BucketName.of("b"), name);
    }

    private ObjectStore store() {
        return Objects.requireNonNull(store);
    }

    private Lifecycle.Parts parts() {
        return Objects.requireNonNull(parts);
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }
}
