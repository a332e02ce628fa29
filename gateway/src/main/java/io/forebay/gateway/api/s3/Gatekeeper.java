package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.ObjectLock;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.Ask;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.auth.Verdict;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Holds each request to what its caller may do, before anything is told of what it is about.
///
/// Says what an operation wants, and of which object; whether the caller may is for `Permissions` to say. Where that
/// depends on what an object itself has, the object is looked at first; only a read is held to it when the object has
/// been opened (`confirm`), so that what was looked at and what is answered are the same.
final class Gatekeeper {
    private static final String EXPECTED_OWNER = "x-amz-expected-bucket-owner";
    private static final String EXPECTED_SOURCE_OWNER = "x-amz-source-expected-bucket-owner";

    /// What an object has of its own that is yet to be written.
    private static final ObjectAccess NEW = new ObjectAccess(null, Map.of());

    private final Permissions permissions;
    private final Buckets buckets;
    private final Objects objects;

    Gatekeeper(Permissions permissions, Buckets buckets, Objects objects) {
        this.permissions = permissions;
        this.buckets = buckets;
        this.objects = objects;
    }

    /// Throws AccessDenied, and NO_SUCH_BUCKET, which is nobody's secret. A form, a preflight and the keys of a
    /// DeleteObjects are looked at when they are read. May wait where the operation may.
    void check(Operation operation, S3Call call) {
        Action action = action(operation, call);
        if (action == Action.LIST_ALL_MY_BUCKETS || action == Action.CREATE_BUCKET) {
            check(call, ask(call, action, null, "", Map.of()));
            return;
        }
        if (call.address().isService()) {
            return;
        }
        Bucket bucket = buckets.require(call.bucket());
        checkOwner(call.header(EXPECTED_OWNER), bucket);
        if (action != null && !call.caller().isUnlimited()) {
            Map<String, String> tags =
                    takesSourceTags(operation, call) ? Map.of() : TagSet.given(call.header(TagSet.ATTRIBUTE));
            Ask ask = ask(call, action, bucket, call.address().key(), tags);
            boolean opens = operation == Operation.GET_OBJECT || operation == Operation.HEAD_OBJECT;
            Verdict verdict = permissions.judge(ask);
            if (!opens || verdict != Verdict.BY_OBJECT) {
                check(call, ask, verdict);
            }
            checkAlso(operation, call, bucket, tags);
        }
    }

    /// Whether a header that gives tags means nothing.
    private static boolean takesSourceTags(Operation operation, S3Call call) {
        return operation == Operation.COPY_OBJECT && !"REPLACE".equals(call.header("x-amz-tagging-directive"));
    }

    /// What a write wants beside writing, for what its headers say. A list of its own for what is written is part of
    /// writing, unless a policy denies it.
    private void checkAlso(Operation operation, S3Call call, Bucket bucket, Map<String, String> tags) {
        switch (operation) {
            case PUT_OBJECT, APPEND_OBJECT, COPY_OBJECT, CREATE_MULTIPART_UPLOAD -> {
                String key = call.address().key();
                if (AclHeaders.areIn(call.exchange().request().headers())) {
                    permissions.checkNotDenied(ask(call, Action.PUT_OBJECT_ACL, bucket, key, tags));
                }
                if (call.header(ObjectLock.MODE) != null) {
                    check(call, ask(call, Action.PUT_OBJECT_RETENTION, bucket, key, tags), NEW);
                }
                if (call.header(ObjectLock.LEGAL_HOLD) != null) {
                    check(call, ask(call, Action.PUT_OBJECT_LEGAL_HOLD, bucket, key, tags), NEW);
                }
                if (call.header(TagSet.ATTRIBUTE) != null && !takesSourceTags(operation, call)) {
                    checkTagging(call, ask(call, Action.PUT_OBJECT_TAGGING, bucket, key, tags));
                }
            }
            default -> {
                // It wants nothing else.
            }
        }
    }

    /// Holds a write by a form to it, whoever allows the form. Throws AccessDenied.
    ///
    /// @param given what the form says, as headers
    void checkForm(S3Call allowed, ObjectKey key, Headers given, Map<String, String> tags) {
        Bucket bucket = buckets.require(key.bucket());
        Ask ask = new Ask(allowed.exchange(), allowed.caller(), Action.PUT_OBJECT, bucket, key.name(), given, tags);
        check(allowed, ask);
        if (AclHeaders.areIn(given)) {
            permissions.checkNotDenied(ask.of(Action.PUT_OBJECT_ACL));
        }
        if (!tags.isEmpty()) {
            checkTagging(allowed, ask.of(Action.PUT_OBJECT_TAGGING));
        }
    }

    /// Tags that come with an object: where lists count, who writes it owns it, and may give it some unless a policy
    /// denies that.
    private void checkTagging(S3Call call, Ask ask) {
        Bucket bucket = ask.bucket();
        if (bucket != null && permissions.accessOf(bucket).listsCount()) {
            permissions.checkNotDenied(ask);
        } else {
            check(call, ask, NEW);
        }
    }

    /// Holds a change of an object to what its caller may do. Where that depends on the object, the change is held to
    /// this very object, so that no other one takes its place in between. Throws AccessDenied.
    ///
    /// @param tags those that the object is to get
    /// @param node headers of the change, which it is added to
    void checkChange(S3Call call, Action action, Map<String, String> tags, Headers node) {
        Bucket bucket = buckets.require(call.bucket());
        Ask ask = ask(call, action, bucket, call.address().key(), tags);
        if (permissions.judge(ask) == Verdict.BY_OBJECT) {
            Headers object = objects.describe(call.exchange(), call.versionKey());
            check(call, ask, ObjectAccess.of(AttributeHeaders.readSystem(object)));
            holdTo(object, node);
        } else {
            require(call, () -> permissions.check(ask));
        }
    }

    /// Holds a change to the object of which a node said that.
    static void holdTo(Headers object, Headers node) {
        node.add("If-Match", "\"" + object.find(NodeHeaders.ETAG, "") + "\"");
    }

    /// What is told of a change that failed: that the object is no longer the one that was looked at is a conflict.
    static RuntimeException explainChange(StoreException failure) {
        return failure.code() == ErrorCode.PRECONDITION_FAILED ? new S3Failure(S3Error.OPERATION_ABORTED) : failure;
    }

    /// Holds a copy to what its source allows. Throws AccessDenied.
    void checkSource(S3Call call, ObjectKey source) {
        Bucket bucket = buckets.require(source.bucket());
        checkOwner(call.header(EXPECTED_SOURCE_OWNER), bucket);
        try {
            Ask ask = askOfSource(call, Action.GET_OBJECT, bucket, source);
            checkOf(call, ask, permissions.judge(ask), source);
        } catch (StoreException e) {
            throw explainSource(call, source, e);
        }
    }

    /// What is told of a source that could not be read, which may be in another bucket than what the request is
    /// about.
    RuntimeException explainSource(S3Call call, ObjectKey source, StoreException failure) {
        if (failure.code() != ErrorCode.NO_SUCH_OBJECT && failure.code() != ErrorCode.NO_SUCH_VERSION) {
            return failure;
        }
        boolean hides = hidesAbsence(call, buckets.require(source.bucket()), source.name());
        S3Error absent = failure.code() == ErrorCode.NO_SUCH_OBJECT ? S3Error.NO_SUCH_KEY : S3Error.NO_SUCH_VERSION;
        return new S3Failure(hides ? S3Error.ACCESS_DENIED : absent);
    }

    /// Holds a copy that takes the tags of its source with it to that, on both sides. Throws AccessDenied.
    ///
    /// @param system attributes of the source
    void checkSourceTags(S3Call call, ObjectKey source, Map<String, String> system) {
        ObjectAccess object = ObjectAccess.of(system);
        Bucket from = buckets.require(source.bucket());
        Bucket to = buckets.require(call.bucket());
        check(call, askOfSource(call, Action.GET_OBJECT_TAGGING, from, source), object);
        checkTagging(
                call, ask(call, Action.PUT_OBJECT_TAGGING, to, call.address().key(), object.tags()));
    }

    /// What a copy wants of its source, which may be a version.
    private static Ask askOfSource(S3Call call, Action action, Bucket bucket, ObjectKey source) {
        Headers headers = call.exchange().request().headers();
        Action wanted = source.isVersion() ? action.ofVersion() : action;
        return new Ask(call.exchange(), call.caller(), wanted, bucket, source.name(), headers, Map.of());
    }

    /// Holds the removal of one object or version of many to it. Throws AccessDenied.
    void checkRemoval(S3Call call, ObjectKey key) {
        Action action = key.isVersion() ? Action.DELETE_OBJECT_VERSION : Action.DELETE_OBJECT;
        check(call, ask(call, action, buckets.require(key.bucket()), key.name(), Map.of()));
    }

    /// Holds a request that wants retention in governance mode not to count to it. Throws AccessDenied.
    void checkBypass(S3Call call, ObjectKey key) {
        Bucket bucket = buckets.require(key.bucket());
        check(call, ask(call, Action.BYPASS_GOVERNANCE_RETENTION, bucket, key.name(), Map.of()));
    }

    /// Holds a read to what the object says that was opened for it. Throws AccessDenied.
    ///
    /// @param node the headers of the node's reply, with the object's attributes
    void confirm(S3Call call, Action action, ObjectKey key, Headers node) {
        if (call.caller().isUnlimited()) {
            return;
        }
        Ask ask = askOfSource(call, action, buckets.require(key.bucket()), key);
        if (permissions.judge(ask) != Verdict.ALLOWED) {
            check(call, ask, ObjectAccess.of(AttributeHeaders.readSystem(node)));
        }
    }

    /// Whether a read that failed may be told why only after the object was looked at.
    boolean hasToLook(S3Call call) {
        Ask ask = ask(
                call,
                Action.GET_OBJECT,
                buckets.require(call.bucket()),
                call.address().key(),
                Map.of());
        return permissions.judge(ask) == Verdict.BY_OBJECT;
    }

    /// Looks at the object that a failed read is about. Throws AccessDenied when it may not be read.
    void look(S3Call call) {
        check(
                call,
                ask(
                        call,
                        Action.GET_OBJECT,
                        buckets.require(call.bucket()),
                        call.address().key(),
                        Map.of()));
    }

    /// Whether the caller must not learn that an object is not there: who may not list a bucket is not told what is
    /// in it.
    boolean hidesAbsence(S3Call call, RuntimeException failure) {
        boolean absent = failure instanceof StoreException e
                && (e.code() == ErrorCode.NO_SUCH_OBJECT || e.code() == ErrorCode.NO_SUCH_VERSION);
        if (!absent) {
            return false;
        }
        Bucket bucket = buckets.find(call.bucket());
        return bucket != null && hidesAbsence(call, bucket, call.address().key());
    }

    private boolean hidesAbsence(S3Call call, Bucket bucket, String key) {
        return !permissions.allows(ask(call, Action.LIST_BUCKET, bucket, key, Map.of()));
    }

    /// Whose bucket it is.
    Account ownerOf(Bucket bucket) {
        return permissions.ownerOf(bucket);
    }

    /// Whether the caller sees the bucket among all.
    boolean lists(S3Call call, Bucket bucket) {
        return permissions.lists(call.caller(), bucket);
    }

    private static Ask ask(S3Call call, Action action, @Nullable Bucket bucket, String key, Map<String, String> tags) {
        Headers headers = call.exchange().request().headers();
        boolean ofVersion = call.query().contains("versionId") && isOwn(call, bucket, key);
        Action wanted = ofVersion ? action.ofVersion() : action;
        return new Ask(call.exchange(), call.caller(), wanted, bucket, key, headers, tags);
    }

    /// Whether a key is the one that the request itself is about.
    private static boolean isOwn(S3Call call, @Nullable Bucket bucket, String key) {
        return bucket != null
                && key.equals(call.address().key())
                && bucket.name().name().equals(call.address().bucket());
    }

    private void check(S3Call call, Ask ask) {
        check(call, ask, permissions.judge(ask));
    }

    private void check(S3Call call, Ask ask, Verdict verdict) {
        Bucket bucket = ask.bucket();
        if (bucket == null || ask.key().isEmpty()) {
            require(call, () -> permissions.require(ask, verdict));
        } else {
            checkOf(call, ask, verdict, keyOf(call, bucket, ask.key()));
        }
    }

    /// The object, or version, that the request itself is about, or another object.
    private static ObjectKey keyOf(S3Call call, Bucket bucket, String key) {
        return isOwn(call, bucket, key) ? call.versionKey() : new ObjectKey(bucket.name(), key);
    }

    private void checkOf(S3Call call, Ask ask, Verdict verdict, ObjectKey key) {
        if (verdict == Verdict.BY_OBJECT) {
            Headers object = objects.describe(call.exchange(), key);
            check(call, ask, ObjectAccess.of(AttributeHeaders.readSystem(object)));
        } else {
            require(call, () -> permissions.require(ask, verdict));
        }
    }

    private void check(S3Call call, Ask ask, ObjectAccess object) {
        require(call, () -> permissions.check(ask, object));
    }

    /// Runs a check; who proved nothing is not told who may.
    private static void require(S3Call call, Runnable check) {
        try {
            check.run();
        } catch (StoreException e) {
            if (e.code() == ErrorCode.FORBIDDEN && call.caller().isAnonymous()) {
                throw new S3Failure(S3Error.ACCESS_DENIED);
            }
            throw e;
        }
    }

    private void checkOwner(@Nullable String expected, Bucket bucket) {
        if (expected != null && !ownerOf(bucket).isMeantBy(expected)) {
            throw new S3Failure(S3Error.ACCESS_DENIED);
        }
    }

    /// What an operation wants of the bucket or the object that it is about; null where it is not known yet.
    private static @Nullable Action action(Operation operation, S3Call call) {
        return switch (operation) {
            case LIST_BUCKETS -> Action.LIST_ALL_MY_BUCKETS;
            case CREATE_BUCKET -> Action.CREATE_BUCKET;
            case HEAD_BUCKET, LIST_OBJECTS, LIST_OBJECTS_V2 -> Action.LIST_BUCKET;
            case DELETE_BUCKET -> Action.DELETE_BUCKET;
            case GET_BUCKET_LOCATION -> Action.GET_BUCKET_LOCATION;
            case GET_BUCKET_CONFIGURATION ->
                ConfigurationActions.ofBucket(subResource(call)).read();
            case PUT_BUCKET_CONFIGURATION ->
                ConfigurationActions.ofBucket(subResource(call)).write();
            case DELETE_BUCKET_CONFIGURATION ->
                ConfigurationActions.ofBucket(subResource(call)).remove();
            case GET_BUCKET_POLICY -> Action.GET_BUCKET_POLICY;
            case PUT_BUCKET_POLICY -> Action.PUT_BUCKET_POLICY;
            case DELETE_BUCKET_POLICY -> Action.DELETE_BUCKET_POLICY;
            case GET_BUCKET_POLICY_STATUS -> Action.GET_BUCKET_POLICY_STATUS;
            case GET_ACL -> call.address().isBucket() ? Action.GET_BUCKET_ACL : Action.GET_OBJECT_ACL;
            case PUT_ACL -> call.address().isBucket() ? Action.PUT_BUCKET_ACL : Action.PUT_OBJECT_ACL;
            case LIST_OBJECT_VERSIONS -> Action.LIST_BUCKET_VERSIONS;
            case LIST_MULTIPART_UPLOADS -> Action.LIST_BUCKET_MULTIPART_UPLOADS;
            case GET_OBJECT, HEAD_OBJECT -> Action.GET_OBJECT;
            case GET_OBJECT_ATTRIBUTES -> Action.GET_OBJECT_ATTRIBUTES;
            case GET_OBJECT_CONFIGURATION -> ConfigurationActions.readOfObject(subResource(call));
            case PUT_OBJECT_CONFIGURATION -> ConfigurationActions.writeOfObject(subResource(call));
            case GET_OBJECT_TAGGING -> Action.GET_OBJECT_TAGGING;
            case PUT_OBJECT_TAGGING -> Action.PUT_OBJECT_TAGGING;
            case DELETE_OBJECT_TAGGING -> Action.DELETE_OBJECT_TAGGING;
            case PUT_OBJECT,
                    APPEND_OBJECT,
                    RENAME_OBJECT,
                    COPY_OBJECT,
                    CREATE_MULTIPART_UPLOAD,
                    UPLOAD_PART,
                    UPLOAD_PART_COPY,
                    COMPLETE_MULTIPART_UPLOAD -> Action.PUT_OBJECT;
            case DELETE_OBJECT -> Action.DELETE_OBJECT;
            case ABORT_MULTIPART_UPLOAD -> Action.ABORT_MULTIPART_UPLOAD;
            case LIST_PARTS -> Action.LIST_MULTIPART_UPLOAD_PARTS;
            case DELETE_OBJECTS, POST_OBJECT, PREFLIGHT -> null;
        };
    }

    private static String subResource(S3Call call) {
        String sub = OperationRouter.subResource(call.query());
        return sub == null ? "" : sub;
    }
}
