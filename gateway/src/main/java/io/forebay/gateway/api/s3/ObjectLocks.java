package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Locks of objects: PutObjectRetention, GetObjectRetention, PutObjectLegalHold, GetObjectLegalHold, and the locks
/// that writes give to what they make. What a lock forbids is for the storage node to refuse.
final class ObjectLocks {
    private static final String BYPASS = "x-amz-bypass-governance-retention";

    private final S3Config config;
    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Objects objects;
    private final InstantSource clock;

    ObjectLocks(S3Config config, Gatekeeper gate, Buckets buckets, Objects objects, InstantSource clock) {
        this.config = config;
        this.gate = gate;
        this.buckets = buckets;
        this.objects = objects;
        this.clock = clock;
    }

    /// Whether a request wants retention in governance mode not to count.
    static boolean bypasses(S3Call call) {
        return "true".equalsIgnoreCase(call.header(BYPASS));
    }

    /// Adds the lock that a write asks for. Throws InvalidArgument, and InvalidRequest for a bucket whose
    /// objects cannot be locked.
    ///
    /// @param given headers that say it
    void addGiven(Headers given, Bucket bucket, Headers node) {
        String mode = given.find(ObjectLock.MODE);
        String until = given.find(ObjectLock.UNTIL);
        String hold = given.find(ObjectLock.LEGAL_HOLD);
        if (mode == null && until == null && hold == null) {
            return;
        }
        requireLockable(bucket);
        Map<String, String> lock = new TreeMap<>();
        if (mode == null != (until == null)) {
            throw S3Failure.invalidArgument(
                    mode == null ? ObjectLock.MODE : ObjectLock.UNTIL,
                    "",
                    "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");
        }
        if (mode != null && until != null) {
            if (!ObjectLock.isMode(mode)) {
                throw S3Failure.invalidArgument(ObjectLock.MODE, mode, "Unknown wormMode directive.");
            }
            Instant date = date(until);
            if (date == null) {
                throw S3Failure.invalidArgument(
                        ObjectLock.UNTIL, until, "The retain until date must be provided in ISO 8601 format");
            }
            lock.put(ObjectLock.MODE, mode);
            lock.put(ObjectLock.UNTIL, requireFuture(date).toString());
        }
        if (hold != null) {
            if (!isHold(hold)) {
                throw S3Failure.invalidArgument(
                        ObjectLock.LEGAL_HOLD, hold, "Legal Hold must be either of 'ON' or 'OFF'");
            }
            lock.put(ObjectLock.LEGAL_HOLD, hold);
        }
        AttributeHeaders.writeSystem(lock, node);
    }

    private Instant requireFuture(Instant date) {
        if (!date.isAfter(clock.instant())) {
            throw S3Failure.invalidArgument(
                    ObjectLock.UNTIL, date.toString(), "The retain until date must be in the future!");
        }
        return date;
    }

    private static @Nullable Instant date(String text) {
        try {
            return OffsetDateTime.parse(text.strip()).toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static boolean isHold(String text) {
        return text.equals("ON") || text.equals("OFF");
    }

    private static void requireLockable(Bucket bucket) {
        if (!bucket.isLockable()) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Bucket is missing Object Lock Configuration");
        }
    }

    /// GetObjectRetention and GetObjectLegalHold.
    Reply read(S3Call call) {
        ObjectKey key = call.versionKey();
        requireLockable(buckets.require(key.bucket()));
        Headers object = objects.describe(call.exchange(), key);
        Map<String, String> system = AttributeHeaders.readSystem(object);
        if ("legal-hold".equals(OperationRouter.subResource(call.query()))) {
            String hold = system.get(ObjectLock.LEGAL_HOLD);
            return S3Replies.xml(200, XmlWriter.of("LegalHold").element("Status", require(hold)));
        }
        XmlWriter xml = XmlWriter.of("Retention")
                .element("Mode", require(system.get(ObjectLock.MODE)))
                .element("RetainUntilDate", require(system.get(ObjectLock.UNTIL)));
        return S3Replies.xml(200, xml);
    }

    private static String require(@Nullable String value) {
        if (value == null) {
            throw new S3Failure(S3Error.NO_SUCH_OBJECT_LOCK_CONFIGURATION);
        }
        return value;
    }

    /// PutObjectRetention and PutObjectLegalHold.
    Reply write(S3Call call) {
        ObjectKey key = call.versionKey();
        requireLockable(buckets.require(key.bucket()));
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        boolean holds = "legal-hold".equals(OperationRouter.subResource(call.query()));
        Map<String, String> lock = holds ? legalHold(document) : retention(document);
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        AttributeHeaders.writeSystem(lock, headers);
        if (!holds && bypasses(call)) {
            gate.checkBypass(call, key);
            headers.add(NodeHeaders.BYPASS_GOVERNANCE, "1");
        }
        gate.checkChange(call, holds ? Action.PUT_OBJECT_LEGAL_HOLD : Action.PUT_OBJECT_RETENTION, Map.of(), headers);
        try {
            Reply node = objects.call(call.exchange(), key, Method.PATCH, "", headers, Body.empty());
            node.payload().close();
        } catch (StoreException e) {
            throw Gatekeeper.explainChange(e);
        }
        return S3Replies.empty(200);
    }

    private static Map<String, String> legalHold(byte[] document) {
        String status = XmlReader.read(document, "LegalHold").findText("Status");
        if (status == null || !isHold(status)) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        return Map.of(ObjectLock.LEGAL_HOLD, status);
    }

    private Map<String, String> retention(byte[] document) {
        XmlElement root = XmlReader.read(document, "Retention");
        String mode = root.findText("Mode");
        String until = root.findText("RetainUntilDate");
        Instant date = until == null ? null : date(until);
        if (mode == null || !ObjectLock.isMode(mode) || date == null) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        return Map.of(
                ObjectLock.MODE, mode, ObjectLock.UNTIL, requireFuture(date).toString());
    }
}
