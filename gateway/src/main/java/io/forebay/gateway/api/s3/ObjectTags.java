package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// GetObjectTagging, PutObjectTagging, DeleteObjectTagging.
final class ObjectTags {
    private final S3Config config;
    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Objects objects;

    ObjectTags(S3Config config, Gatekeeper gate, Buckets buckets, Objects objects) {
        this.config = config;
        this.gate = gate;
        this.buckets = buckets;
        this.objects = objects;
    }

    /// Adds the tags that a write gives its object in the header. Throws InvalidArgument or InvalidTag.
    static void addGiven(@Nullable String header, Headers node) {
        if (header != null) {
            add(TagSet.parse(header), node);
        }
    }

    /// As below; nothing for no tags.
    static void addAny(TagSet tags, Headers node) {
        if (!tags.tags().isEmpty()) {
            add(tags, node);
        }
    }

    static void add(TagSet tags, Headers node) {
        AttributeHeaders.writeSystem(Map.of(TagSet.ATTRIBUTE, tags.text()), node);
    }

    Reply read(S3Call call) {
        ObjectKey key = call.versionKey();
        Headers object = objects.describe(call.exchange(), key);
        String text = AttributeHeaders.readSystem(object).getOrDefault(TagSet.ATTRIBUTE, "");
        Reply reply = S3Replies.xml(200, TagSet.parse(text).document());
        ObjectVersions.addId(buckets.require(key.bucket()), object, reply.headers());
        return reply;
    }

    Reply write(S3Call call) {
        ObjectKey key = call.versionKey();
        buckets.require(key.bucket());
        byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
        TagSet tags = TagSet.read(XmlReader.read(document, "Tagging"), TagSet.MAX_OF_OBJECT);
        return store(call, key, Action.PUT_OBJECT_TAGGING, tags, 200);
    }

    Reply remove(S3Call call) {
        return store(call, call.versionKey(), Action.DELETE_OBJECT_TAGGING, TagSet.parse(""), 204);
    }

    private Reply store(S3Call call, ObjectKey key, Action action, TagSet tags, int status) {
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        add(tags, headers);
        gate.checkChange(call, action, tags.tags(), headers);
        try {
            Reply node = objects.call(call.exchange(), key, Method.PATCH, "", headers, Body.empty());
            node.payload().close();
            Reply reply = S3Replies.empty(status);
            ObjectVersions.addId(buckets.require(key.bucket()), node.headers(), reply.headers());
            return reply;
        } catch (StoreException e) {
            throw Gatekeeper.explainChange(e);
        }
    }
}
