package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.gateway.core.Occasions;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Writing and removing objects: PutObject, DeleteObject, DeleteObjects.
final class ObjectWrites {
    private static final int MAX_DELETES = 1000;

    private final S3Config config;
    private final Gatekeeper gate;
    private final AccessControls controls;
    private final ObjectLocks locks;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;
    private final Expirations expirations;

    ObjectWrites(
            S3Config config,
            Gatekeeper gate,
            AccessControls controls,
            ObjectLocks locks,
            EncryptionHeaders encryption,
            Buckets buckets,
            Objects objects,
            Expirations expirations) {
        this.config = config;
        this.encryption = encryption;
        this.gate = gate;
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

    /// DeleteObject: what is not there is removed already.
    Reply delete(S3Call call) {
        ObjectKey key = call.versionKey();
        Removed removed = remove(call, key, RemovalCondition.of(call), bypasses(call, key));
        Reply reply = S3Replies.empty(204);
        if (removed.marker()) {
            reply.headers().add("x-amz-delete-marker", "true");
        }
        if (!removed.versionId().isEmpty()) {
            reply.headers().add("x-amz-version-id", removed.versionId());
        }
        return reply;
    }

    /// Whether retention in governance mode is not to count, which the caller must be allowed to want.
    private boolean bypasses(S3Call call, ObjectKey key) {
        boolean asked = ObjectLocks.bypasses(call);
        if (asked && key.isVersion()) {
            gate.checkBypass(call, key);
        }
        return asked;
    }

    /// What became of a removal.
    ///
    /// @param versionId the version that is gone, or the marker that was left; empty where a bucket has no versions
    private record Removed(String versionId, boolean marker) {
        static Removed of(Headers node) {
            Map<String, String> system = AttributeHeaders.readSystem(node);
            return new Removed(system.getOrDefault(VersionId.ATTRIBUTE, ""), system.containsKey(VersionId.MARKER));
        }
    }

    private Removed remove(S3Call call, ObjectKey key, RemovalCondition condition, boolean bypasses) {
        // Without it the node holds the name to AIStore's narrower rule.
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1");
        condition.addTo(headers);
        if (bypasses) {
            headers.add(NodeHeaders.BYPASS_GOVERNANCE, "1");
        }
        try {
            Reply node = objects.call(call.exchange(), key, Method.DELETE, "", headers, Body.empty());
            node.payload().close();
            return Removed.of(node.headers());
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NO_SUCH_OBJECT) {
                throw e;
            }
            return new Removed(key.version(), false);
        }
    }

    private record Target(String key, @Nullable String version, RemovalCondition condition) {}

    /// DeleteObjects: each key has its own result.
    Reply deleteMany(S3Call call) {
        BucketName bucket = buckets.require(call.bucket()).name();
        XmlElement root = removals(call);
        List<Target> targets = targets(root);
        boolean quiet = "true".equalsIgnoreCase(root.findText("Quiet"));
        List<Result> results = removeAll(call, bucket, targets);
        boolean denied = results.stream().allMatch(Result::isDenied);
        if (denied && call.caller().isAnonymous()) {
            throw new S3Failure(S3Error.ACCESS_DENIED);
        }
        XmlWriter xml = XmlWriter.of("DeleteResult");
        for (int index = 0; index < targets.size(); index++) {
            addResult(targets.get(index), results.get(index), quiet, xml);
        }
        return S3Replies.xml(200, xml);
    }

    /// The document of a DeleteObjects. Who proved nothing is not told what is wrong with it.
    private XmlElement removals(S3Call call) {
        try {
            byte[] document = DocumentBody.read(call, config, DocumentBody.ChecksumOf.DOCUMENT);
            if (document.length == 0) {
                throw new S3Failure(S3Error.MISSING_REQUEST_BODY);
            }
            return XmlReader.read(document, "Delete");
        } catch (S3Failure e) {
            throw call.caller().isAnonymous() ? new S3Failure(S3Error.ACCESS_DENIED) : e;
        }
    }

    private static List<Target> targets(XmlElement root) {
        List<XmlElement> elements = root.all("Object");
        if (elements.isEmpty() || elements.size() > MAX_DELETES) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        List<Target> targets = new ArrayList<>(elements.size());
        for (XmlElement element : elements) {
            targets.add(new Target(
                    element.requireText("Key"), element.findText("VersionId"), RemovalCondition.of(element)));
        }
        return targets;
    }

    /// What became of one of many.
    ///
    /// @param failure null when it is gone
    private record Result(Removed removed, @Nullable S3Failure failure) {
        private static final Removed NOTHING = new Removed("", false);

        static Result failed(S3Failure failure) {
            return new Result(NOTHING, failure);
        }

        boolean isDenied() {
            return failure != null && failure.error() == S3Error.ACCESS_DENIED;
        }
    }

    /// Removes all of them, some at a time.
    private List<Result> removeAll(S3Call call, BucketName bucket, List<Target> targets) {
        Semaphore permits = new Semaphore(config.concurrentDeletes());
        List<Future<Result>> futures = new ArrayList<>(targets.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Target target : targets) {
                permits.acquireUninterruptibly();
                futures.add(threads.submit(Occasions.carried(() -> tryRemove(call, bucket, target, permits))));
            }
        }
        List<Result> results = new ArrayList<>(targets.size());
        for (Future<Result> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    /// Gives its permit back.
    private Result tryRemove(S3Call call, BucketName bucket, Target target, Semaphore permits) {
        try {
            String version = target.version();
            ObjectKey object = new ObjectKey(bucket, target.key());
            ObjectKey key = version == null || version.isEmpty() ? object : S3Call.versionOf(object, version);
            gate.checkRemoval(call, key);
            return new Result(remove(call, key, target.condition(), bypasses(call, key)), null);
        } catch (S3Failure e) {
            return Result.failed(e);
        } catch (StoreException e) {
            return Result.failed(ErrorTable.failure(e));
        } finally {
            permits.release();
        }
    }

    private static Result result(Future<Result> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Result.failed(new S3Failure(S3Error.SERVICE_UNAVAILABLE));
        } catch (ExecutionException e) {
            throw new StoreException(ErrorCode.INTERNAL, "a delete failed", e.getCause());
        }
    }

    private static void addResult(Target target, Result result, boolean quiet, XmlWriter xml) {
        S3Failure failure = result.failure();
        if (failure == null && quiet) {
            return;
        }
        xml.open(failure == null ? "Deleted" : "Error").element("Key", target.key());
        if (target.version() != null) {
            xml.element("VersionId", target.version());
        }
        if (failure != null) {
            xml.element("Code", failure.error().code()).element("Message", failure.text());
        } else if (result.removed().marker()) {
            xml.element("DeleteMarker", true)
                    .element("DeleteMarkerVersionId", result.removed().versionId());
        }
        xml.close();
    }
}
