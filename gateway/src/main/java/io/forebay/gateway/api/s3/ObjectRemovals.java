package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.VersionId;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.gateway.core.Occasions;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.RemovalsReply;
import io.forebay.protocol.api.RemovalsRequest;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
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

/// Removing objects: DeleteObject, DeleteObjects.
final class ObjectRemovals {
    private final S3Config config;
    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Objects objects;

    ObjectRemovals(S3Config config, Gatekeeper gate, Buckets buckets, Objects objects) {
        this.config = config;
        this.gate = gate;
        this.buckets = buckets;
        this.objects = objects;
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
    /// @param versionId the version that is gone, or the marker that was left; empty where a bucket has no
    ///     versions
    private record Removed(String versionId, boolean marker) {
        static Removed of(Headers node) {
            Map<String, String> system = AttributeHeaders.readSystem(node);
            return new Removed(system.getOrDefault(VersionId.ATTRIBUTE, ""), system.containsKey(VersionId.MARKER));
        }

        /// What is not there is removed already.
        static Removed nothing(ObjectKey key) {
            return new Removed(key.version(), false);
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
            return Removed.nothing(key);
        }
    }

    /// One of many that are to go, as the client names it.
    ///
    /// @param version null for the object
    private record Target(String name, @Nullable String version, RemovalCondition condition) {
        /// Of the object, or of the version. Throws what a name or an id that cannot be is refused with.
        ObjectKey key(BucketName bucket) {
            ObjectKey object = new ObjectKey(bucket, name);
            return version == null || version.isEmpty() ? object : S3Call.versionOf(object, version);
        }
    }

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
        if (elements.isEmpty() || elements.size() > RemovalsRequest.MAX_COUNT) {
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

        static Result of(ObjectKey key, RemovalsReply.Outcome outcome) {
            StoreException failure = outcome.failure();
            if (failure == null) {
                return new Result(new Removed(outcome.versionId(), outcome.marker()), null);
            }
            return failure.code() == ErrorCode.NO_SUCH_OBJECT
                    ? new Result(Removed.nothing(key), null)
                    : failed(ErrorTable.failure(failure));
        }

        boolean isDenied() {
            return failure != null && failure.error() == S3Error.ACCESS_DENIED;
        }
    }

    /// A removal that the caller may make.
    private record Admitted(int at, ObjectKey key, RemovalCondition condition, boolean bypasses) {}

    /// Removes those that the caller may: together, and what cannot go together by itself.
    private List<Result> removeAll(S3Call call, BucketName bucket, List<Target> targets) {
        Result[] results = new Result[targets.size()];
        List<Admitted> admitted = new ArrayList<>(targets.size());
        for (int at = 0; at < targets.size(); at++) {
            try {
                admitted.add(admit(call, bucket, at, targets.get(at)));
            } catch (S3Failure e) {
                results[at] = Result.failed(e);
            } catch (StoreException e) {
                results[at] = Result.failed(ErrorTable.failure(e));
            }
        }
        List<RemovalsReply.@Nullable Outcome> outcomes = objects.removeAll(
                call.exchange(),
                bucket,
                admitted.stream()
                        .map(each -> each.condition.removal(each.key, each.bypasses))
                        .toList());
        List<Admitted> left = new ArrayList<>();
        for (int index = 0; index < outcomes.size(); index++) {
            Admitted each = admitted.get(index);
            RemovalsReply.Outcome outcome = outcomes.get(index);
            if (outcome == null) {
                left.add(each);
            } else {
                results[each.at] = Result.of(each.key, outcome);
            }
        }
        removeEach(call, left, results);
        return List.of(results);
    }

    private Admitted admit(S3Call call, BucketName bucket, int at, Target target) {
        ObjectKey key = target.key(bucket);
        gate.checkRemoval(call, key);
        return new Admitted(at, key, target.condition, bypasses(call, key));
    }

    /// Removes each by itself, some at a time.
    private void removeEach(S3Call call, List<Admitted> left, Result[] results) {
        Semaphore permits = new Semaphore(config.concurrentDeletes());
        List<Future<Result>> futures = new ArrayList<>(left.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Admitted each : left) {
                permits.acquireUninterruptibly();
                futures.add(threads.submit(Occasions.carried(() -> tryRemove(call, each, permits))));
            }
        }
        for (int index = 0; index < left.size(); index++) {
            results[left.get(index).at] = result(futures.get(index));
        }
    }

    /// Gives its permit back.
    private Result tryRemove(S3Call call, Admitted each, Semaphore permits) {
        try {
            return new Result(remove(call, each.key, each.condition, each.bypasses), null);
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
        xml.open(failure == null ? "Deleted" : "Error").element("Key", target.name());
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
