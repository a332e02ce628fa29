package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.SubResources;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides by method, address and sub-resource which operation a request wants. A sub-resource that S3 has and this
/// face has not is NotImplemented: it never falls through to the operation on the bucket or object itself.
final class OperationRouter {
    private static final String FORM = "multipart/form-data";

    private OperationRouter() {}

    /// Throws NotImplemented or MethodNotAllowed.
    static Operation operation(Request request, Query query, S3Address address) {
        if (request.method() == Method.OPTIONS) {
            return Operation.PREFLIGHT;
        }
        if (address.isService()) {
            if (request.method() == Method.GET) {
                return Operation.LIST_BUCKETS;
            }
            throw notAllowed("GET");
        }
        String sub = subResource(query);
        return address.isBucket() ? onBucket(request, query, sub) : onObject(request, query, sub);
    }

    private static boolean hasForm(Request request) {
        String type = request.headers().find("Content-Type", "");
        return type.regionMatches(true, 0, FORM, 0, FORM.length());
    }

    /// The sub-resource that a query names, or null.
    static @Nullable String subResource(Query query) {
        for (int index = 0; index < query.count(); index++) {
            if (SubResources.OPERATIONS.contains(query.name(index))) {
                return query.name(index);
            }
        }
        return null;
    }

    private static Operation onBucket(Request request, Query query, @Nullable String sub) {
        return switch (request.method()) {
            case GET -> sub == null ? listing(query) : getOnBucket(sub);
            case HEAD -> without(sub, Operation.HEAD_BUCKET);
            case PUT -> {
                if (BucketConfiguration.of(sub) != null) {
                    yield Operation.PUT_BUCKET_CONFIGURATION;
                }
                if ("policy".equals(sub)) {
                    yield Operation.PUT_BUCKET_POLICY;
                }
                yield "acl".equals(sub) ? Operation.PUT_ACL : without(sub, Operation.CREATE_BUCKET);
            }
            case DELETE -> {
                if (sub == null) {
                    yield Operation.DELETE_BUCKET;
                }
                if (sub.equals("policy")) {
                    yield Operation.DELETE_BUCKET_POLICY;
                }
                BucketConfiguration configuration = BucketConfiguration.of(sub);
                boolean removable =
                        configuration == null ? BucketConfigurations.isRemovable(sub) : configuration.isRemovable();
                if (removable) {
                    yield Operation.DELETE_BUCKET_CONFIGURATION;
                }
                throw S3Failure.notImplemented(sub);
            }
            case POST -> {
                if ("delete".equals(sub)) {
                    yield Operation.DELETE_OBJECTS;
                }
                if (sub == null) {
                    if (hasForm(request)) {
                        yield Operation.POST_OBJECT;
                    }
                    throw notAllowed("GET, HEAD, PUT, DELETE");
                }
                throw S3Failure.notImplemented(sub);
            }
            case PATCH, OPTIONS -> throw notAllowed("GET, HEAD, PUT, POST, DELETE");
        };
    }

    private static Operation listing(Query query) {
        return switch (query.find("list-type", "1")) {
            case "1" -> Operation.LIST_OBJECTS;
            case "2" -> Operation.LIST_OBJECTS_V2;
            default ->
                throw S3Failure.invalidArgument(
                        "list-type", query.find("list-type", ""), "Invalid List Type specified in Request");
        };
    }

    private static Operation getOnBucket(String sub) {
        return switch (sub) {
            case "location" -> Operation.GET_BUCKET_LOCATION;
            case "versions" -> Operation.LIST_OBJECT_VERSIONS;
            case "uploads" -> Operation.LIST_MULTIPART_UPLOADS;
            case "acl" -> Operation.GET_ACL;
            case "policy" -> Operation.GET_BUCKET_POLICY;
            case "policyStatus" -> Operation.GET_BUCKET_POLICY_STATUS;
            default -> {
                if (BucketConfiguration.of(sub) != null || BucketConfigurations.isReadable(sub)) {
                    yield Operation.GET_BUCKET_CONFIGURATION;
                }
                throw S3Failure.notImplemented(sub);
            }
        };
    }

    private static Operation onObject(Request request, Query query, @Nullable String sub) {
        return switch (request.method()) {
            case GET -> getOnObject(sub);
            case HEAD -> without(sub, Operation.HEAD_OBJECT);
            case PUT -> putOnObject(request, query, sub);
            case DELETE -> deleteOnObject(sub);
            case POST -> {
                if ("uploads".equals(sub)) {
                    yield Operation.CREATE_MULTIPART_UPLOAD;
                }
                if ("uploadId".equals(sub)) {
                    yield Operation.COMPLETE_MULTIPART_UPLOAD;
                }
                if (sub != null) {
                    throw S3Failure.notImplemented(sub);
                }
                throw notAllowed("GET, HEAD, PUT, DELETE");
            }
            case PATCH, OPTIONS -> throw notAllowed("GET, HEAD, PUT, POST, DELETE");
        };
    }

    private static Operation getOnObject(@Nullable String sub) {
        if (sub == null) {
            return Operation.GET_OBJECT;
        }
        return switch (sub) {
            case "uploadId" -> Operation.LIST_PARTS;
            case "attributes" -> Operation.GET_OBJECT_ATTRIBUTES;
            case "tagging" -> Operation.GET_OBJECT_TAGGING;
            case "acl" -> Operation.GET_ACL;
            case "retention", "legal-hold" -> Operation.GET_OBJECT_CONFIGURATION;
            default -> throw S3Failure.notImplemented(sub);
        };
    }

    private static Operation putOnObject(Request request, Query query, @Nullable String sub) {
        boolean copies = request.headers().contains("x-amz-copy-source");
        if ("uploadId".equals(sub)) {
            return copies ? Operation.UPLOAD_PART_COPY : Operation.UPLOAD_PART;
        }
        if ("acl".equals(sub)) {
            return Operation.PUT_ACL;
        }
        if ("tagging".equals(sub)) {
            return Operation.PUT_OBJECT_TAGGING;
        }
        if ("retention".equals(sub) || "legal-hold".equals(sub)) {
            return Operation.PUT_OBJECT_CONFIGURATION;
        }
        if ("renameObject".equals(sub)) {
            return Operation.RENAME_OBJECT;
        }
        if (sub != null) {
            throw S3Failure.notImplemented(sub);
        }
        if (query.contains("partNumber")) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Missing required parameter for this request: 'uploadId'");
        }
        if (request.headers().contains(Renames.SOURCE)) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Missing required parameter for this request: 'renameObject'");
        }
        if (request.headers().contains(Appends.OFFSET)) {
            return Operation.APPEND_OBJECT;
        }
        return copies ? Operation.COPY_OBJECT : Operation.PUT_OBJECT;
    }

    private static Operation deleteOnObject(@Nullable String sub) {
        if ("uploadId".equals(sub)) {
            return Operation.ABORT_MULTIPART_UPLOAD;
        }
        return "tagging".equals(sub) ? Operation.DELETE_OBJECT_TAGGING : without(sub, Operation.DELETE_OBJECT);
    }

    private static Operation without(@Nullable String sub, Operation operation) {
        if (sub != null) {
            throw S3Failure.notImplemented(sub);
        }
        return operation;
    }

    private static S3Failure notAllowed(String allowed) {
        return new S3Failure(
                S3Error.METHOD_NOT_ALLOWED, S3Error.METHOD_NOT_ALLOWED.message(), Map.of("AllowedMethods", allowed));
    }
}
