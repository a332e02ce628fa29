package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import org.jspecify.annotations.Nullable;

/// Writing objects: PutObject.
final class ObjectWrites {
    private final S3Config config;
    private final AccessControls controls;
    private final ObjectLocks locks;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;
    private final Expirations expirations;

    ObjectWrites(
            S3Config config,
            AccessControls controls,
            ObjectLocks locks,
            EncryptionHeaders encryption,
            Buckets buckets,
            Objects objects,
            Expirations expirations) {
        this.config = config;
        this.encryption = encryption;
        this.controls = controls;
        this.locks = locks;
        this.buckets = buckets;
        this.objects = objects;
        this.expirations = expirations;
    }

    /// PutObject. Everything that can be refused is refused before the first byte of the body is asked for.
    Reply put(S3Call call) {
        Stored stored = store(call, WriteCondition.of(call, call.key(), objects));
        return new Reply(200, written(call, stored), Payload.none());
    }

    /// What was written of a request's body.
    ///
    /// @param node what the node says of it
    /// @param used the algorithm of the checksum that the client gave, or null
    record Stored(Headers node, @Nullable ChecksumType used) {}

    /// Writes the object that a request has in its body.
    Stored store(S3Call call, WriteCondition condition) {
        ObjectKey key = call.key();
        Bucket bucket = buckets.require(key.bucket());
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        Headers given = call.exchange().request().headers();
        MetadataHeaders.add(given, config, headers);
        encryption.addAsked(call, given, headers);
        ObjectTags.addGiven(call.header(TagSet.ATTRIBUTE), headers);
        controls.addGiven(call.caller(), bucket, given, headers);
        locks.addGiven(given, bucket, headers);
        RequestBody body = RequestBody.open(call, config, bucket.keepsMd5(), ChecksumType.CRC64NVME, headers);
        S3Checksums.addUsed(body.used(), headers);
        condition.addTo(headers);
        Reply node;
        try {
            node = objects.call(call.exchange(), key, Method.PUT, "", headers, body.bytes());
        } catch (StoreException e) {
            throw body.explain(condition.check(e));
        }
        node.payload().close();
        return new Stored(node.headers(), body.used());
    }

    /// What a client is told of what was stored.
    Headers written(S3Call call, Stored stored) {
        Headers node = stored.node();
        Headers answer = ObjectAnswer.written(node, call.exchange().request().headers(), stored.used());
        ObjectVersions.addGiven(AttributeHeaders.readSystem(node), answer);
        expirations.addTo(call, node, answer);
        return answer;
    }
}
