package io.forebay.storage.notification;

import io.forebay.cluster.rule.ChangeEvent;
import io.forebay.cluster.rule.NotificationRule;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.api.WireJson;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.Change;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// One change of an object as a record of S3's event messages.
final class EventMessage {
    private static final String VERSION = "2.2";
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private EventMessage() {}

    /// A JSON object.
    static String of(
            NotificationRule rule,
            ChangeEvent event,
            Occasion occasion,
            Bucket bucket,
            ObjectKey key,
            Change change,
            long nowMillis) {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("eventVersion", VERSION);
        record.put("eventSource", "forebay:s3");
        record.put("awsRegion", occasion.region());
        record.put("eventTime", TIME.format(Instant.ofEpochMilli(nowMillis)));
        record.put("eventName", event.wireName());
        record.put("userIdentity", Map.of("principalId", occasion.principal()));
        record.put("requestParameters", Map.of("sourceIPAddress", occasion.address()));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("x-amz-request-id", occasion.requestId());
        response.put("x-amz-id-2", occasion.hostId());
        record.put("responseElements", response);
        Map<String, Object> s3 = new LinkedHashMap<>();
        s3.put("s3SchemaVersion", "1.0");
        s3.put("configurationId", rule.id());
        s3.put("bucket", bucket(bucket));
        s3.put("object", object(key, change));
        record.put("s3", s3);
        return new String(WireJson.write(record), StandardCharsets.UTF_8);
    }

    private static Map<String, Object> bucket(Bucket bucket) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("name", bucket.name().name());
        told.put("ownerIdentity", Map.of("principalId", bucket.owner()));
        told.put("arn", "arn:aws:s3:::" + bucket.name().name());
        return told;
    }

    private static Map<String, Object> object(ObjectKey key, Change change) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("key", encoded(key.name()));
        ObjectRecord record = change.record();
        if (record != null) {
            told.put("size", record.size());
            told.put("eTag", record.etag());
        }
        if (key.isVersion()) {
            told.put("versionId", key.version());
        }
        // Of two events of a key, that of the later change has the greater one, as texts are compared.
        told.put("sequencer", HexFormat.of().withUpperCase().toHexDigits(change.number()));
        return told;
    }

    /// As forms encode it, but for `/`.
    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("%2F", "/");
    }
}
