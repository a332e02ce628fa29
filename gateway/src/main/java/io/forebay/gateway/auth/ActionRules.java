package io.forebay.gateway.auth;

import io.forebay.gateway.auth.acl.Permission;
import org.jspecify.annotations.Nullable;

/// How the actions of policies and the permissions of access control lists belong together (Amazon S3, "Mapping of
/// ACL permissions and access policy permissions").
final class ActionRules {
    private ActionRules() {}

    /// What a grant in a bucket's list has to give for it; null for what no list can give.
    static @Nullable Permission ofBucketList(Action action) {
        return switch (action) {
            case LIST_BUCKET, LIST_BUCKET_VERSIONS, LIST_BUCKET_MULTIPART_UPLOADS -> Permission.READ;
            case GET_BUCKET_ACL -> Permission.READ_ACP;
            case PUT_BUCKET_ACL -> Permission.WRITE_ACP;
            case PUT_OBJECT,
                    DELETE_OBJECT,
                    DELETE_OBJECT_VERSION,
                    ABORT_MULTIPART_UPLOAD,
                    LIST_MULTIPART_UPLOAD_PARTS -> Permission.WRITE;
            default -> null;
        };
    }

    /// What a grant in an object's list has to give for it; null for what no list can give.
    static @Nullable Permission ofObjectList(Action action) {
        return switch (action) {
            case GET_OBJECT, GET_OBJECT_VERSION, GET_OBJECT_ATTRIBUTES, GET_OBJECT_VERSION_ATTRIBUTES ->
                Permission.READ;
            case GET_OBJECT_ACL, GET_OBJECT_VERSION_ACL -> Permission.READ_ACP;
            case PUT_OBJECT_ACL, PUT_OBJECT_VERSION_ACL -> Permission.WRITE_ACP;
            default -> null;
        };
    }

    /// Whether it is done with an object that is there, so that what that has of its own counts.
    static boolean isOfPresentObject(Action action) {
        return switch (action) {
            case GET_OBJECT,
                    GET_OBJECT_VERSION,
                    GET_OBJECT_ATTRIBUTES,
                    GET_OBJECT_VERSION_ATTRIBUTES,
                    GET_OBJECT_ACL,
                    GET_OBJECT_VERSION_ACL,
                    GET_OBJECT_TAGGING,
                    GET_OBJECT_VERSION_TAGGING,
                    GET_OBJECT_RETENTION,
                    GET_OBJECT_LEGAL_HOLD,
                    PUT_OBJECT_ACL,
                    PUT_OBJECT_VERSION_ACL,
                    PUT_OBJECT_TAGGING,
                    PUT_OBJECT_VERSION_TAGGING,
                    PUT_OBJECT_RETENTION,
                    PUT_OBJECT_LEGAL_HOLD,
                    DELETE_OBJECT_TAGGING,
                    DELETE_OBJECT_VERSION_TAGGING -> true;
            default -> false;
        };
    }

    /// Whether it is done with an object, there or not.
    static boolean isOfObject(Action action) {
        return isOfPresentObject(action)
                || switch (action) {
                    case PUT_OBJECT,
                            DELETE_OBJECT,
                            DELETE_OBJECT_VERSION,
                            BYPASS_GOVERNANCE_RETENTION,
                            ABORT_MULTIPART_UPLOAD,
                            LIST_MULTIPART_UPLOAD_PARTS -> true;
                    default -> false;
                };
    }

    /// Whether it is about a bucket's policy: its owner cannot be shut out of that.
    static boolean isOfPolicy(Action action) {
        return switch (action) {
            case GET_BUCKET_POLICY, PUT_BUCKET_POLICY, DELETE_BUCKET_POLICY -> true;
            default -> false;
        };
    }

    /// Whether it decides who may do what, which nobody unknown ever does.
    static boolean governs(Action action) {
        return switch (action) {
            case PUT_BUCKET_POLICY,
                    DELETE_BUCKET_POLICY,
                    PUT_BUCKET_PUBLIC_ACCESS_BLOCK,
                    PUT_BUCKET_OWNERSHIP_CONTROLS -> true;
            default -> false;
        };
    }
}
