package io.forebay.gateway.api.s3;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.auth.Account;
import io.forebay.gateway.auth.Action;
import io.forebay.gateway.auth.Ask;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.core.Buckets;
import org.jspecify.annotations.Nullable;

/// Holds each request to what its caller may do, before anything is told of what it is about.
///
/// Says what an operation wants, and of which object; whether the caller may is for `Permissions` to say.
final class Gatekeeper {
    private static final String EXPECTED_OWNER = "x-amz-expected-bucket-owner";
    private static final String EXPECTED_SOURCE_OWNER = "x-amz-source-expected-bucket-owner";

    private final Permissions permissions;
    private final Buckets buckets;

    Gatekeeper(Permissions permissions, Buckets buckets) {
        this.permissions = permissions;
        this.buckets = buckets;
    }

    /// Throws AccessDenied. A form, a preflight and the keys of a DeleteObjects are looked at when they are read.
    void check(Operation operation, S3Call call) {
        Action action = action(operation, call);
        if (call.address().isService()) {
            if (action != null) {
                check(call, action, null, "");
            }
            return;
        }
        Bucket bucket = buckets.find(call.bucket());
        if (action != null) {
            // The bucket that is created is not there, or another's whom only the operation may tell.
            check(
                    call,
                    action,
                    action == Action.CREATE_BUCKET ? null : bucket,
                    call.address().key());
            checkAlso(operation, call, bucket);
        } else if (operation == Operation.DELETE_OBJECTS
                && bucket == null
                && call.caller().isAnonymous()) {
            throw new S3Failure(S3Error.ACCESS_DENIED);
        }
        checkOwner(call.header(EXPECTED_OWNER), bucket);
    }

    /// What a write wants beside writing, for what its headers say.
    private void checkAlso(Operation operation, S3Call call, @Nullable Bucket bucket) {
        switch (operation) {
            case PUT_OBJECT, COPY_OBJECT, CREATE_MULTIPART_UPLOAD -> {
                if (call.header("x-amz-acl") != null) {
                    check(call, Action.PUT_OBJECT_ACL, bucket, call.address().key());
                }
                if (call.header(TagSet.ATTRIBUTE) != null) {
                    check(
                            call,
                            Action.PUT_OBJECT_TAGGING,
                            bucket,
                            call.address().key());
                }
            }
            default -> {
                // It wants nothing else.
            }
        }
    }

    /// Holds a write by a form to it, whoever allows the form. Throws AccessDenied.
    void checkForm(S3Call allowed, ObjectKey key) {
        check(allowed, Action.PUT_OBJECT, buckets.find(key.bucket()), key.name());
    }

    /// Holds a copy to what its source allows. Throws AccessDenied.
    void checkSource(S3Call call, ObjectKey source) {
        Bucket bucket = buckets.find(source.bucket());
        check(call, Action.GET_OBJECT, bucket, source.name());
        checkOwner(call.header(EXPECTED_SOURCE_OWNER), bucket);
    }

    /// Holds the removal of one object of many to it. Throws AccessDenied.
    void checkRemoval(S3Call call, ObjectKey key) {
        check(call, Action.DELETE_OBJECT, buckets.find(key.bucket()), key.name());
    }

    /// Whether the caller must not learn that an object is not there: who may not list a bucket is not told what is
    /// in it.
    boolean hidesAbsence(S3Call call) {
        Bucket bucket = buckets.find(call.bucket());
        return !permissions.allows(new Ask(call.exchange(), call.caller(), Action.LIST_BUCKET, bucket, ""));
    }

    /// Whose bucket it is.
    Account ownerOf(Bucket bucket) {
        return permissions.ownerOf(bucket);
    }

    /// Whether the caller sees the bucket among all.
    boolean lists(S3Call call, Bucket bucket) {
        return call.caller().isAdministrator()
                || bucket.owner().equals(call.caller().account().id());
    }

    private void check(S3Call call, Action action, @Nullable Bucket bucket, String key) {
        try {
            permissions.check(new Ask(call.exchange(), call.caller(), action, bucket, key));
        } catch (StoreException e) {
            if (e.code() == ErrorCode.FORBIDDEN && call.caller().isAnonymous()) {
                throw new S3Failure(S3Error.ACCESS_DENIED);
            }
            throw e;
        }
    }

    private void checkOwner(@Nullable String expected, @Nullable Bucket bucket) {
        if (expected != null && bucket != null && !ownerOf(bucket).isMeantBy(expected)) {
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
            case PUT_ACL -> call.address().isBucket() ? Action.PUT_BUCKET_ACL : Action.PUT_OBJECT_ACL;
            case LIST_OBJECT_VERSIONS -> Action.LIST_BUCKET_VERSIONS;
            case LIST_MULTIPART_UPLOADS -> Action.LIST_BUCKET_MULTIPART_UPLOADS;
            case GET_OBJECT, HEAD_OBJECT -> Action.GET_OBJECT;
            case GET_OBJECT_ATTRIBUTES -> Action.GET_OBJECT_ATTRIBUTES;
            case GET_OBJECT_CONFIGURATION -> ConfigurationActions.readOfObject(subResource(call));
            case GET_OBJECT_TAGGING -> Action.GET_OBJECT_TAGGING;
            case PUT_OBJECT_TAGGING -> Action.PUT_OBJECT_TAGGING;
            case DELETE_OBJECT_TAGGING -> Action.DELETE_OBJECT_TAGGING;
            case PUT_OBJECT,
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
