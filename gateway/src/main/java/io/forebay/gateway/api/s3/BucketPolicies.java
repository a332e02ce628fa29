package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.gateway.auth.BucketAccess;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.policy.MalformedPolicyException;
import io.forebay.gateway.auth.policy.Policy;
import io.forebay.gateway.core.Buckets;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Policies of buckets: GetBucketPolicy, PutBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus.
final class BucketPolicies {
    private final S3Config config;
    private final Permissions permissions;
    private final Buckets buckets;

    BucketPolicies(S3Config config, Permissions permissions, Buckets buckets) {
        this.config = config;
        this.permissions = permissions;
        this.buckets = buckets;
    }

    /// The document as it was put.
    Reply read(S3Call call) {
        String text = buckets.require(call.bucket()).properties().get(BucketAccess.POLICY);
        if (text == null) {
            throw new S3Failure(S3Error.NO_SUCH_BUCKET_POLICY);
        }
        return new Reply(
                200,
                new Headers().add("Content-Type", "application/json"),
                new Payload.Memory(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    /// Throws MalformedPolicy with the rule that it breaks, and AccessDenied for a public one where those are blocked.
    Reply write(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        Policy policy;
        try {
            policy = Policy.ofBucket(
                    new String(document, StandardCharsets.UTF_8), bucket.name().name());
        } catch (MalformedPolicyException e) {
            throw new S3Failure(S3Error.MALFORMED_POLICY, e.reason());
        }
        if (policy.isPublic() && permissions.accessOf(bucket).block().blockPublicPolicy()) {
            throw new S3Failure(
                    S3Error.ACCESS_DENIED,
                    "Access Denied: public policies are blocked by the bucket's BlockPublicPolicy setting");
        }
        buckets.setProperties(bucket.name(), Map.of(BucketAccess.POLICY, policy.text()));
        return S3Replies.empty(204);
    }

    Reply remove(S3Call call) {
        Bucket bucket = buckets.require(call.bucket());
        if (bucket.properties().containsKey(BucketAccess.POLICY)) {
            buckets.setProperties(bucket.name(), Map.of(BucketAccess.POLICY, ""));
        }
        return S3Replies.empty(204);
    }

    /// Whether the bucket is public, by its policy or its access control list.
    Reply status(S3Call call) {
        boolean isPublic = permissions.accessOf(buckets.require(call.bucket())).isPublic();
        return S3Replies.xml(200, XmlWriter.of("PolicyStatus").element("IsPublic", isPublic));
    }
}
