package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.NotificationRule;
import io.forebay.cluster.rule.NotificationRules;
import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Provider;
import io.forebay.gateway.auth.BucketAccess;
import io.forebay.gateway.core.Buckets;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Buckets: list, create, find, remove, and what is known of their configuration and of that of objects.
final class BucketOperations {
    private static final String DEFAULT_REGION = "us-east-1";
    private static final int MAX_BUCKETS = 10_000;

    private final S3Config config;
    private final Gatekeeper gate;
    private final AccessControls controls;
    private final Buckets buckets;
    private final Set<String> webhooks;

    /// @param webhooks the names of those whom buckets may have told of changes
    BucketOperations(S3Config config, Gatekeeper gate, AccessControls controls, Buckets buckets, Set<String> webhooks) {
        this.config = config;
        this.gate = gate;
        this.controls = controls;
        this.buckets = buckets;
        this.webhooks = Set.copyOf(webhooks);
    }

    /// ListBuckets.
    Reply list(S3Call call) {
        String prefix = call.parameter("prefix");
        String token = call.parameter("continuation-token");
        String after = token.isEmpty() ? "" : ContinuationToken.parse(token);
        int limit = call.number("max-buckets", MAX_BUCKETS);
        if (limit < 1 || limit > MAX_BUCKETS) {
            throw S3Failure.invalidArgument(
                    "max-buckets", Integer.toString(limit), "max-buckets must be between 1 and " + MAX_BUCKETS);
        }
        String region = call.parameter("bucket-region");
        List<Bucket> found = region.isEmpty() || region.equals(config.region()) ? find(call, prefix, after) : List.of();
        List<Bucket> page = found.subList(0, Math.min(limit, found.size()));
        XmlWriter xml = XmlWriter.of("ListAllMyBucketsResult");
        Owners.add("Owner", call.caller().account(), xml);
        xml.open("Buckets");
        for (Bucket bucket : page) {
            xml.open("Bucket")
                    .element("Name", bucket.name().name())
                    .element("CreationDate", S3Time.iso(bucket.createdMillis()))
                    .element("BucketRegion", config.region())
                    .close();
        }
        xml.close();
        if (page.size() < found.size()) {
            xml.element(
                    "ContinuationToken",
                    ContinuationToken.after(page.getLast().name().name()));
        }
        if (!prefix.isEmpty()) {
            xml.element("Prefix", prefix);
        }
        return S3Replies.xml(200, xml);
    }

    private List<Bucket> find(S3Call call, String prefix, String after) {
        List<Bucket> found = new ArrayList<>();
        for (Bucket bucket : buckets.list()) {
            BucketName name = bucket.name();
            boolean ours = name.provider() == Provider.AIS && name.namespace().isGlobal() && gate.lists(call, bucket);
            if (ours && name.name().startsWith(prefix) && name.name().compareTo(after) > 0) {
                found.add(bucket);
            }
        }
        return found;
    }

    /// CreateBucket, for the caller. One that is the caller's already stays as it is.
    Reply create(S3Call call) {
        BucketName name = BucketNames.toCreate(call.address().bucket());
        Map<String, String> properties = new TreeMap<>(controls.ofNewBucket(call));
        if ("true".equalsIgnoreCase(call.header("x-amz-bucket-object-lock-enabled"))) {
            properties.put(Bucket.VERSIONING, BucketConfiguration.ENABLED);
            properties.put(Bucket.OBJECT_LOCK, Bucket.LOCKABLE);
        }
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        if (document.length > 0) {
            XmlElement configuration = XmlReader.read(document, "CreateBucketConfiguration");
            checkConfiguration(configuration);
            XmlElement tags = configuration.find("Tags");
            if (tags != null) {
                TagSet set = TagSet.readAll(tags, TagSet.MAX_OF_BUCKET);
                properties.put(BucketConfiguration.TAGGING.property(), set.text());
            }
        }
        Bucket known = buckets.find(name);
        if (known != null
                && !properties
                        .getOrDefault(BucketAccess.LIST, "")
                        .equals(known.properties().getOrDefault(BucketAccess.LIST, ""))) {
            throw exists(S3Error.BUCKET_ALREADY_EXISTS, name);
        }
        switch (buckets.create(name, properties)) {
            case Applied.Changed changed -> {
                // Created.
            }
            case Applied.Refused refused -> {
                if (refused.code() != ErrorCode.ALREADY_EXISTS) {
                    throw new StoreException(refused.code(), refused.message());
                }
                checkOwn(call, name, refused.state().bucket(name));
            }
        }
        return new Reply(200, new Headers().add("Location", "/" + name.name()), Payload.none());
    }

    /// A bucket of one's own may be created again, in every region as in S3's oldest one. Throws BucketAlreadyExists.
    private static void checkOwn(S3Call call, BucketName name, @Nullable Bucket bucket) {
        boolean own =
                bucket != null && bucket.owner().equals(call.caller().account().id());
        if (!own) {
            throw exists(S3Error.BUCKET_ALREADY_EXISTS, name);
        }
    }

    private static S3Failure exists(S3Error error, BucketName name) {
        return new S3Failure(error, error.message(), Map.of("BucketName", name.name()));
    }

    private void checkConfiguration(XmlElement configuration) {
        if (configuration.find("Location") != null || configuration.find("Bucket") != null) {
            throw S3Failure.notImplemented("directory buckets");
        }
        String constraint = configuration.findText("LocationConstraint");
        if (constraint == null || constraint.isEmpty() || constraint.equals(config.region())) {
            return;
        }
        if (!config.region().equals(DEFAULT_REGION) || !isRegion(constraint)) {
            throw new S3Failure(
                    S3Error.INVALID_LOCATION_CONSTRAINT,
                    S3Error.INVALID_LOCATION_CONSTRAINT.message(),
                    Map.of("LocationConstraint", constraint));
        }
    }

    private static boolean isRegion(String text) {
        if (text.length() > 64) {
            return false;
        }
        for (int index = 0; index < text.length(); index++) {
            char c = text.toLowerCase(Locale.ROOT).charAt(index);
            if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-') {
                return false;
            }
        }
        return true;
    }

    /// HeadBucket.
    Reply head(S3Call call) {
        buckets.require(call.bucket());
        Headers headers = new Headers()
                .add("x-amz-bucket-region", config.region())
                .add("x-amz-access-point-alias", "false")
                .add("Content-Type", "application/xml");
        return new Reply(200, headers, Payload.none());
    }

    /// DeleteBucket.
    Reply delete(S3Call call) {
        buckets.removeIfEmpty(call.exchange(), call.bucket());
        return S3Replies.empty(204);
    }

    /// GetBucketLocation: S3's oldest region has no name here.
    Reply location(S3Call call) {
        buckets.require(call.bucket());
        XmlWriter xml = XmlWriter.of("LocationConstraint");
        if (!config.region().equals(DEFAULT_REGION)) {
            xml.text(config.region());
        }
        return S3Replies.xml(200, xml);
    }

    /// A configuration of a bucket. Throws the error of one that is not set.
    Reply configuration(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        String sub = OperationRouter.subResource(call.query());
        BucketConfiguration kind = BucketConfiguration.of(sub);
        if (kind == null) {
            return S3Replies.xml(200, BucketConfigurations.document(sub == null ? "" : sub));
        }
        String text = kind.textOf(bucket);
        if (text != null) {
            return S3Replies.xml(200, kind.document(text));
        }
        S3Error unset = kind.unset();
        if (unset != null) {
            throw new S3Failure(unset);
        }
        return S3Replies.xml(200, XmlWriter.of(kind.root()));
    }

    /// Gives a bucket a configuration.
    Reply putConfiguration(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        BucketConfiguration kind = BucketConfiguration.of(OperationRouter.subResource(call.query()));
        if (kind == null) {
            throw new S3Failure(S3Error.NOT_IMPLEMENTED);
        }
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        String text = kind.read(XmlReader.read(document, kind.root()));
        if (kind == BucketConfiguration.OWNERSHIP_CONTROLS) {
            controls.checkOwnership(bucket, text);
        }
        if (kind == BucketConfiguration.NOTIFICATION) {
            checkReceivers(text);
        }
        kind.checkState(bucket, text);
        buckets.setProperties(call.bucket(), Map.of(kind.property(), text));
        return S3Replies.empty(kind.writtenStatus());
    }

    private void checkReceivers(String rules) {
        if (rules.isEmpty()) {
            return;
        }
        for (NotificationRule rule : NotificationRules.parse(rules).rules()) {
            if (!webhooks.contains(rule.webhook())) {
                throw S3Failure.invalidArgument(
                        rule.arn(), "", "Unable to validate the following destination configurations");
            }
        }
    }

    /// Removes a configuration, set or not.
    Reply removeConfiguration(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        BucketConfiguration kind = BucketConfiguration.of(OperationRouter.subResource(call.query()));
        if (kind != null && kind.textOf(bucket) != null) {
            buckets.setProperties(bucket.name(), Map.of(kind.property(), ""));
        }
        return S3Replies.empty(204);
    }

    /// A preflight: what a browser asks before it lets a page of another origin send a request. Throws
    /// InvalidRequest, NoSuchBucket, AccessForbidden.
    Reply preflight(S3Call call) {
        Request request = call.exchange().request();
        CorsRules.checkPreflight(request);
        String text = BucketConfiguration.CORS.textOf(buckets.require(call.bucket()));
        if (text == null) {
            throw new S3Failure(S3Error.ACCESS_FORBIDDEN);
        }
        Headers headers = new Headers();
        if (!CorsRules.parse(text).addTo(request, headers)) {
            throw new S3Failure(
                    S3Error.ACCESS_FORBIDDEN,
                    // The spelling is S3's.
                    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin,"
                            + " request method / Access-Control-Request-Method or Access-Control-Request-Headers are"
                            + " not whitelisted by the resource's CORS spec.");
        }
        return new Reply(200, headers, Payload.none());
    }

    /// Adds to an answer what lets a browser pass it on to a page of another origin, if the bucket allows that.
    void addCors(Request request, S3Address address, Headers reply) {
        Bucket bucket = address.isService() ? null : buckets.find(BucketNames.named(address.bucket()));
        String text = bucket == null ? null : BucketConfiguration.CORS.textOf(bucket);
        if (text != null) {
            CorsRules.parse(text).addTo(request, reply);
        }
    }
}
