package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Identity;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.sigv4.PayloadForm;
import io.forebay.protocol.sigv4.PolicySignature;
import io.forebay.protocol.sigv4.SigV2Verifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Uploads by a browser's form (POST Object): the form's policy says what may be uploaded, its signature who allows
/// that.
final class FormUploads {
    private static final String TOKEN = "x-amz-security-token";

    private final S3Config config;
    private final Authorizer authorizer;
    private final Gatekeeper gate;
    private final AccessControls controls;
    private final ObjectLocks locks;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;
    private final InstantSource clock;

    FormUploads(
            S3Config config,
            Authorizer authorizer,
            Gatekeeper gate,
            AccessControls controls,
            ObjectLocks locks,
            EncryptionHeaders encryption,
            Buckets buckets,
            Objects objects,
            InstantSource clock) {
        this.gate = gate;
        this.controls = controls;
        this.locks = locks;
        this.encryption = encryption;
        this.config = config;
        this.authorizer = authorizer;
        this.buckets = buckets;
        this.objects = objects;
        this.clock = clock;
    }

    /// PostObject. Everything that can be refused is refused before the file is read.
    Reply post(S3Call call) {
        String type = call.header("Content-Type");
        PostForm form = PostForm.read(call.exchange().body(), type == null ? "" : type, (int)
                config.maxFormSize().bytes());
        String text = form.field("policy");
        S3Call allowed = new S3Call(call.exchange(), call.query(), call.address(), identity(call, form, text));
        ObjectKey key = new ObjectKey(call.bucket(), form.key());
        Headers given = headers(form);
        TagSet tags = tags(form.field("tagging"));
        gate.checkForm(allowed, key, given, tags.tags());
        S3Address.checkKey(key.name(), config.maxKeyBytes());
        PostPolicy policy = text == null ? null : PostPolicy.parse(text);
        if (policy != null) {
            policy.check(fields(form, key), clock.instant());
        }
        Bucket bucket = buckets.require(key.bucket());
        RefusedHeaders.check(given, Operation.POST_OBJECT);
        ChecksumRequest checksum = ChecksumRequest.of(given, PayloadForm.UNSIGNED);
        Headers node = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        MetadataHeaders.add(given, config, node);
        encryption.addAsked(allowed, given, node);
        ObjectTags.addAny(tags, node);
        controls.addGiven(allowed.caller(), bucket, given, node);
        locks.addGiven(given, bucket, node);
        S3Checksums.addUsed(checksum.type(), node);
        RequestBody.addChecksums(given, checksum, bucket.keepsMd5(), ChecksumType.CRC64NVME, false, node);
        Reply written = write(call, key, node, file(call, form, policy));
        Headers headers = ObjectAnswer.written(written.headers(), given, checksum.type());
        ObjectVersions.addGiven(AttributeHeaders.readSystem(written.headers()), headers);
        return answer(call, form, key, headers);
    }

    /// What the form says of its object, as headers say it.
    private static Headers headers(PostForm form) {
        Headers headers = form.headers();
        String acl = form.field("acl");
        if (acl != null) {
            headers.set(AclHeaders.CANNED, acl);
        }
        return headers;
    }

    /// Who allows the form: the sender, where the request itself says who that is, or who signed its policy. Throws
    /// what is wrong with its signature.
    private Identity.Known identity(S3Call call, PostForm form, @Nullable String policy) {
        if (!call.caller().isAnonymous()) {
            return call.identity();
        }
        return switch (authorizer.identifyForm(signature(form, policy))) {
            case Identity.Refused(var refusal) -> throw ErrorTable.failure(refusal);
            case Identity.Known known -> known;
        };
    }

    private static @Nullable PolicySignature signature(PostForm form, @Nullable String policy) {
        String signature = form.field("x-amz-signature");
        String old = form.field("signature");
        if (signature == null && old != null && policy != null) {
            return new PolicySignature(
                    policy,
                    SigV2Verifier.ALGORITHM,
                    form.fields().getOrDefault("awsaccesskeyid", ""),
                    "",
                    old,
                    form.field(TOKEN));
        }
        if ((signature == null) != (policy == null)) {
            String missing = policy == null ? "Policy" : "X-Amz-Signature";
            throw S3Failure.invalidArgument(
                    missing,
                    "",
                    "Bucket POST must contain a field named '" + missing
                            + "'. If it is specified, please check the order of the fields.");
        }
        return signature == null || policy == null
                ? null
                : new PolicySignature(
                        policy,
                        form.fields().getOrDefault("x-amz-algorithm", ""),
                        form.fields().getOrDefault("x-amz-credential", ""),
                        form.fields().getOrDefault("x-amz-date", ""),
                        signature,
                        form.field(TOKEN));
    }

    /// What a policy speaks of.
    private static Map<String, String> fields(PostForm form, ObjectKey key) {
        Map<String, String> fields = new LinkedHashMap<>(form.fields());
        fields.put("key", key.name());
        fields.put("bucket", key.bucket().name());
        return fields;
    }

    private static TagSet tags(@Nullable String document) {
        return document == null
                ? TagSet.parse("")
                : TagSet.read(
                        XmlReader.read(document.getBytes(StandardCharsets.UTF_8), "Tagging"), TagSet.MAX_OF_OBJECT);
    }

    private FormFile file(S3Call call, PostForm form, @Nullable PostPolicy policy) {
        long most = config.maxPutSize().bytes();
        return new FormFile(
                call.exchange().body(),
                form,
                policy == null ? 0 : policy.minBytes(),
                policy == null ? most : Math.min(most, policy.maxBytes()));
    }

    private Reply write(S3Call call, ObjectKey key, Headers node, FormFile file) {
        try {
            Reply written = objects.call(call.exchange(), key, Method.PUT, "", node, file);
            written.payload().close();
            return written;
        } catch (StoreException e) {
            throw file.isTooSmall() ? new S3Failure(S3Error.ENTITY_TOO_SMALL) : RequestBody.explain(e, false);
        }
    }

    private static Reply answer(S3Call call, PostForm form, ObjectKey key, Headers headers) {
        String location = location(call, key);
        String redirect = form.field("success_action_redirect");
        URI target = target(redirect == null ? form.field("redirect") : redirect);
        if (target != null) {
            String query = "bucket=" + PercentCode.encode(key.bucket().name()) + "&key="
                    + PercentCode.encode(key.name()) + "&etag=" + PercentCode.encode(headers.find("ETag", ""));
            headers.add("Location", target + (target.getRawQuery() == null ? "?" : "&") + query);
            return new Reply(303, headers, Payload.none());
        }
        headers.add("Location", location);
        String status = form.field("success_action_status");
        if ("201".equals(status)) {
            XmlWriter xml = XmlWriter.plain("PostResponse")
                    .element("Location", location)
                    .element("Bucket", key.bucket().name())
                    .element("Key", key.name())
                    .element("ETag", headers.find("ETag", ""));
            return S3Replies.xml(201, headers, xml);
        }
        return new Reply("200".equals(status) ? 200 : 204, headers, Payload.none());
    }

    private static String location(S3Call call, ObjectKey key) {
        String host = call.header("Host");
        String path = call.exchange().request().rawPath();
        return (call.exchange().secure() ? "https://" : "http://")
                + (host == null ? "" : host)
                + path
                + (path.endsWith("/") ? "" : "/")
                + PercentCode.encode(key.name());
    }

    /// Where a browser is sent afterwards; null for nowhere, or for what is no address of a page.
    private static @Nullable URI target(@Nullable String text) {
        try {
            URI target = text == null ? null : new URI(text);
            String scheme = target == null ? null : target.getScheme();
            return "http".equals(scheme) || "https".equals(scheme) ? target : null;
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
