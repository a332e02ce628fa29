package io.forebay.storage.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.cluster.rule.NotificationRule;
import io.forebay.cluster.rule.NotificationRule.Form;
import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.config.Settings;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.time.SteerableTime;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.api.Occasion.Cause;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Completion;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Occasions;
import io.forebay.storage.object.Redundancy;
import io.forebay.storage.object.RemovalOptions;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.VolumeFolders;
import io.forebay.storage.object.WriteOptions;
import io.forebay.storage.object.WriteSession;
import io.forebay.storage.volume.VolumeOwner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NotifierTest {
    private static final NodeId SELF = new NodeId("node1");
    private static final Instant BEGIN = Instant.parse("2026-01-15T10:30:00.5Z");
    private static final Occasion ASKED =
            new Occasion(Cause.REQUEST, "alice", "192.0.2.7", "request-1", "host-1", "eu-central-1");

    @TempDir
    private Path folder;

    private final SteerableTime time = new SteerableTime();
    private final InstantSource clock = () -> BEGIN.plusNanos(time.nanos());
    private final Receiver receiver = new Receiver();
    private final Metrics metrics = new Metrics();
    private final Map<String, String> settings = new HashMap<>();
    private Bucket bucket = bucket(rule("all", "audit", "s3:ObjectCreated:*", "s3:ObjectRemoved:*"));
    private @Nullable ObjectStore store;
    private @Nullable Notifier notifier;

    @BeforeEach
    void open() {
        settings.putIfAbsent("webhooks", "audit=" + receiver.url());
        NotificationConfig config = Settings.of(NotificationConfig.class).bind(settings);
        Notifier made = new Notifier(new Notifier.Parts(SELF, config, clock, time, time, metrics));
        StoreConfig storeConfig =
                Settings.of(StoreConfig.class).bind(Map.of("index.memory", "10MiB", "index.hot-share", "10%"));
        store = ObjectStore.open(
                storeConfig,
                new VolumeFolders(null, List.of(folder)),
                new VolumeOwner("cluster1", SELF),
                clock,
                metrics,
                Redundancy.ALONE,
                made);
        notifier = made;
        made.start(store().outbox());
    }

    @AfterEach
    void close() {
        stop();
        receiver.close();
    }

    private void stop() {
        Objects.requireNonNull(notifier).close();
        store().close();
    }

    private void restart(Map<String, String> changes) {
        stop();
        settings.putAll(changes);
        open();
    }

    @Test
    void eventSaysWhatS3Says() {
        Occasions.during(ASKED, () -> put("folder/a b+ü", "hello"));
        time.settle();
        Map<?, ?> record = receiver.records().getFirst();
        assertThat(record.keySet().stream().map(Object::toString))
                .containsExactly(
                        "eventVersion",
                        "eventSource",
                        "awsRegion",
                        "eventTime",
                        "eventName",
                        "userIdentity",
                        "requestParameters",
                        "responseElements",
                        "s3");
        assertThat(record.get("eventVersion")).isEqualTo("2.2");
        assertThat(record.get("awsRegion")).isEqualTo("eu-central-1");
        assertThat(record.get("eventTime")).isEqualTo("2026-01-15T10:30:00.500Z");
        assertThat(record.get("eventName")).isEqualTo("ObjectCreated:Put");
        assertThat(Receiver.at(record, "userIdentity", "principalId")).isEqualTo("alice");
        assertThat(Receiver.at(record, "requestParameters", "sourceIPAddress")).isEqualTo("192.0.2.7");
        assertThat(Receiver.at(record, "responseElements", "x-amz-request-id")).isEqualTo("request-1");
        assertThat(Receiver.at(record, "responseElements", "x-amz-id-2")).isEqualTo("host-1");
        assertThat(Receiver.at(record, "s3", "configurationId")).isEqualTo("all");
        assertThat(Receiver.at(record, "s3", "bucket", "name")).isEqualTo("b");
        assertThat(Receiver.at(record, "s3", "bucket", "arn")).isEqualTo("arn:aws:s3:::b");
        assertThat(Receiver.at(record, "s3", "bucket", "ownerIdentity", "principalId"))
                .isEqualTo("root");
        assertThat(Receiver.at(record, "s3", "object", "key")).isEqualTo("folder/a+b%2B%C3%BC");
        assertThat(Receiver.at(record, "s3", "object", "size")).isEqualTo(5);
        assertThat(Receiver.at(record, "s3", "object", "eTag")).asString().isNotEmpty();
        assertThat(Receiver.at(record, "s3", "object", "sequencer")).asString().matches("[0-9A-F]{16}");
        assertThat(receiver.authorizations()).containsExactly("null");
    }

    @Test
    void eventsAreCalledByTheirOccasion() {
        bucket = bucket(rule("all", "audit", "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"));
        put("a", "1");
        Occasions.during(Occasion.of(Cause.FORM), () -> put("b", "1"));
        Occasions.during(Occasion.of(Cause.COPY), () -> put("c", "1"));
        String upload = store().createUpload(bucket, key("d"), options(Upload.Kind.MULTIPART));
        store().completeUpload(
                        bucket,
                        key("d"),
                        upload,
                        Conditions.NONE,
                        (begun, parts) -> new Completion(parts, null, List.of(), null, null));
        store().remove(bucket, key("a"), Conditions.NONE);
        Occasions.during(Occasion.of(Cause.EXPIRATION), () -> store().remove(bucket, key("b"), Conditions.NONE));
        time.settle();
        assertThat(receiver.events())
                .containsExactly(
                        "ObjectCreated:Put a",
                        "ObjectCreated:Post b",
                        "ObjectCreated:Copy c",
                        "ObjectCreated:CompleteMultipartUpload d",
                        "ObjectRemoved:Delete a",
                        "LifecycleExpiration:Delete b");
        assertThat(receiver.records().stream()
                        .map(record -> String.valueOf(Receiver.at(record, "s3", "object", "sequencer"))))
                .isSorted();
    }

    @Test
    void eventsNameTheVersionWhereABucketHasSome() {
        put("a", "plain");
        NotificationRule all =
                rule("all", "audit", "s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*");
        bucket = bucket(Map.of(Bucket.VERSIONING, "Enabled"), all);
        String second = put("a", "1").versionId();
        RemovalOptions marking = new RemovalOptions(Conditions.NONE, true, false);
        String marker = removed(key("a"), marking);
        assertThat(removed(key("a").at(marker), marking)).isEqualTo(marker);
        assertThat(removed(key("a").at(second), marking)).isEqualTo(second);
        String last = Occasions.during(Occasion.of(Cause.EXPIRATION), () -> removed(key("a"), marking));
        assertThat(store().remove(bucket, key("a").at(second), marking)).isNull();
        time.settle();
        assertThat(receiver.records().stream()
                        .map(record ->
                                record.get("eventName") + " " + Receiver.at(record, "s3", "object", "versionId")))
                .containsExactly(
                        "ObjectCreated:Put null",
                        "ObjectCreated:Put " + second,
                        "ObjectRemoved:DeleteMarkerCreated " + marker,
                        "ObjectRemoved:Delete " + marker,
                        "ObjectRemoved:Delete " + second,
                        "LifecycleExpiration:DeleteMarkerCreated " + last);
        assertThat(Receiver.at(receiver.records().getFirst(), "s3", "object"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .doesNotContainKey("versionId");
    }

    private String removed(ObjectKey key, RemovalOptions options) {
        return Objects.requireNonNull(store().remove(bucket, key, options)).versionId();
    }

    @Test
    void onlyWhatRulesNameIsTold() {
        bucket = bucket(new NotificationRule(
                "images", Form.QUEUE, arn("audit"), List.of("s3:ObjectCreated:Put"), "i/", ".jpg"));
        put("i/a.jpg", "1");
        put("i/a.png", "1");
        put("o/a.jpg", "1");
        store().remove(bucket, key("i/a.jpg"), Conditions.NONE);
        time.settle();
        assertThat(receiver.events()).containsExactly("ObjectCreated:Put i/a.jpg");
        assertThat(metric("delivered_total")).isEqualTo(1);
        assertThat(metric("waiting")).isZero();
    }

    @Test
    void receiverThatIsAwayGetsEverythingWhenItIsBack() {
        receiver.goAway();
        for (int number = 0; number < 250; number++) {
            put("k" + number % 7, Integer.toString(number));
        }
        time.settle();
        assertThat(metric("waiting")).isEqualTo(250);
        assertThat(metric("failures_total")).isEqualTo(1);
        time.advance(Duration.ofSeconds(10));
        assertThat(metric("failures_total")).as("after 1, 2 and 4 seconds").isEqualTo(4);
        put("late", "1");
        time.settle();
        assertThat(metric("failures_total"))
                .as("an event does not shorten the pause")
                .isEqualTo(4);
        restart(Map.of());
        assertThat(metric("waiting")).isEqualTo(251);
        time.settle();
        receiver.comeBack();
        receiver.answer(500);
        time.advance(Duration.ofSeconds(1));
        assertThat(receiver.requests()).isEqualTo(1);
        assertThat(receiver.records()).isEmpty();
        receiver.answer(200);
        time.advance(Duration.ofMinutes(1));
        assertThat(receiver.events()).hasSize(251).endsWith("ObjectCreated:Put late");
        for (int number = 0; number < 250; number++) {
            assertThat(receiver.events().get(number)).isEqualTo("ObjectCreated:Put k" + number % 7);
        }
        assertThat(receiver.requests()).as("by 100 at a time").isEqualTo(4);
        assertThat(store().outbox().counts()).isEmpty();
    }

    @Test
    void whatCannotWaitIsDropped() {
        restart(Map.of("queue-limit", "3"));
        receiver.goAway();
        for (int number = 0; number < 5; number++) {
            put("k" + number, "1");
        }
        assertThat(metric("dropped_total")).isEqualTo(2);
        time.settle();
        receiver.comeBack();
        time.advance(Duration.ofSeconds(5));
        assertThat(receiver.events())
                .containsExactly("ObjectCreated:Put k0", "ObjectCreated:Put k1", "ObjectCreated:Put k2");
        put("k5", "1");
        time.settle();
        assertThat(receiver.events()).hasSize(4);
    }

    @Test
    void orNothingIsChangedUntilThereIsRoom() {
        restart(Map.of("queue-limit", "3", "when-full", "refuse"));
        receiver.goAway();
        for (int number = 0; number < 3; number++) {
            put("k" + number, "1");
        }
        assertThatThrownBy(() -> put("k3", "1"))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY));
        assertThatThrownBy(() -> store().remove(bucket, key("k0"), Conditions.NONE))
                .hasMessageContaining("webhook audit");
        assertThat(count("forebay_notification_refused_total{node=\"node1\"}")).isEqualTo(2);
        assertThat(metric("dropped_total")).isZero();
        time.settle();
        receiver.comeBack();
        time.advance(Duration.ofSeconds(5));
        put("k3", "1");
        time.settle();
        assertThat(receiver.events()).hasSize(4);
    }

    @Test
    void receiversAreIndependent() {
        try (Receiver other = new Receiver()) {
            restart(Map.of(
                    "webhooks", "audit=" + receiver.url() + ",other=" + other.url(), "tokens", "other=secret-token"));
            bucket = bucket(
                    rule("a", "audit", "s3:ObjectCreated:*"),
                    rule("o", "other", "s3:ObjectCreated:*"),
                    rule("n", "nobody", "s3:ObjectCreated:*"));
            receiver.goAway();
            put("k", "1");
            time.settle();
            assertThat(other.events()).containsExactly("ObjectCreated:Put k");
            assertThat(other.authorizations()).containsExactly("Bearer secret-token");
            assertThat(metric("waiting")).isEqualTo(1);
            assertThat(count("forebay_notification_dropped_total{node=\"node1\",webhook=\"nobody\"}"))
                    .isEqualTo(1);
        }
    }

    @Test
    void receiversThatAreNone() {
        for (String webhooks : List.of(
                "audit",
                "=http://h/",
                "a b=http://h/",
                "a=ftp://h/",
                "a=http:///x",
                "a=http://u@h/",
                "a=h",
                "a=http://h/,a=http://i/")) {
            assertThatThrownBy(() -> Settings.of(NotificationConfig.class).bind(Map.of("webhooks", webhooks)))
                    .as(webhooks)
                    .isInstanceOf(StoreException.class);
        }
        assertThatThrownBy(() -> Settings.of(NotificationConfig.class)
                        .bind(Map.of("webhooks", "a=http://h/", "tokens", "b=secret")))
                .hasMessageContaining("there is no webhook [b]")
                .hasMessageNotContaining("secret");
    }

    private ObjectRecord put(String name, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        try (WriteSession session = store().begin(bucket, key(name), WriteOptions.ofLength(bytes.length))) {
            session.write(ByteBuffer.wrap(bytes));
            return session.commit(Conditions.NONE);
        }
    }

    private static Upload.Options options(Upload.Kind kind) {
        return new Upload.Options(kind, "", Map.of(), Map.of());
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(BucketName.of("b"), name);
    }

    private static Bucket bucket(NotificationRule... rules) {
        return bucket(Map.of(), rules);
    }

    private static Bucket bucket(Map<String, String> more, NotificationRule... rules) {
        TreeMap<String, String> properties = new TreeMap<>(more);
        properties.put(NotificationRules.PROPERTY, new NotificationRules(List.of(rules)).text());
        return new Bucket(BucketName.of("b"), 1, 0, properties, false);
    }

    private static NotificationRule rule(String id, String webhook, String... events) {
        return new NotificationRule(id, Form.QUEUE, arn(webhook), List.of(events), "", "");
    }

    private static String arn(String webhook) {
        return "arn:forebay:sqs::" + webhook + ":webhook";
    }

    private long metric(String name) {
        return count("forebay_notification_" + name + "{node=\"node1\",webhook=\"audit\"}");
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

    private ObjectStore store() {
        return Objects.requireNonNull(store);
    }
}
