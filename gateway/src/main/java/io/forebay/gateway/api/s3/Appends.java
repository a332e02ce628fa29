package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import org.jspecify.annotations.Nullable;

/// PutObject with `x-amz-write-offset-bytes`: appends to an object of that size, or makes one with an offset of 0.
///
/// The object keeps its attributes, user metadata, tags and encryption; its entity tag becomes another one, which is no
/// MD5.
final class Appends {
    static final String OFFSET = "x-amz-write-offset-bytes";
    private static final String SIZE = "x-amz-object-size";

    private final S3Config config;
    private final EncryptionHeaders encryption;
    private final Buckets buckets;
    private final Objects objects;
    private final ObjectWrites writes;

    Appends(S3Config config, EncryptionHeaders encryption, Buckets buckets, Objects objects, ObjectWrites writes) {
        this.config = config;
        this.encryption = encryption;
        this.buckets = buckets;
        this.objects = objects;
        this.writes = writes;
    }

    /// Throws InvalidWriteOffset, TooManyParts, and what PutObject throws.
    Reply append(S3Call call) {
        long offset = offset(call);
        if (RequestBody.length(call, call.identity().form()) == 0) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST, "Request body cannot be empty when 'write offset' is specified.");
        }
        ObjectKey key = call.key();
        buckets.require(key.bucket());
        WriteCondition condition = WriteCondition.of(call, key, objects);
        Headers present = objects.find(call.exchange(), key);
        String size = present == null ? "0" : present.find(NodeHeaders.SIZE, "");
        if (!size.equals(Long.toString(offset))) {
            throw new S3Failure(S3Error.INVALID_WRITE_OFFSET);
        }
        if (present == null) {
            boolean free = condition.equals(WriteCondition.NONE);
            return answer(call, writes.store(call, free ? WriteCondition.STILL_ABSENT : condition));
        }
        return answer(call, extend(call, offset, condition));
    }

    private Reply answer(S3Call call, ObjectWrites.Stored stored) {
        Headers out = writes.written(call, stored).add(SIZE, stored.node().find(NodeHeaders.SIZE, ""));
        return new Reply(200, out, Payload.none());
    }

    private ObjectWrites.Stored extend(S3Call call, long offset, WriteCondition condition) {
        Headers headers = new Headers().add(NodeHeaders.ATTRIBUTES, "1").add(NodeHeaders.WRITE_OFFSET, offset);
        encryption.addKey(call, headers);
        RequestBody body = RequestBody.open(call, config, false, null, headers);
        condition.addTo(headers);
        Reply node;
        try {
            node = objects.call(call.exchange(), call.key(), Method.PUT, "", headers, body.bytes());
        } catch (StoreException e) {
            S3Failure failure = refusal(e, condition);
            throw failure == null ? body.explain(condition.check(e)) : failure;
        }
        node.payload().close();
        return new ObjectWrites.Stored(node.headers(), body.used());
    }

    /// What only an append is refused by, or null.
    private static @Nullable S3Failure refusal(StoreException failure, WriteCondition condition) {
        return switch (failure.code()) {
            case RANGE_NOT_SATISFIABLE -> new S3Failure(S3Error.INVALID_WRITE_OFFSET);
            case TOO_LARGE -> new S3Failure(S3Error.TOO_MANY_PARTS);
            // Nobody asked for a condition: another write came between.
            case PRECONDITION_FAILED, NO_SUCH_OBJECT ->
                condition.equals(WriteCondition.NONE) ? new S3Failure(S3Error.CONDITIONAL_REQUEST_CONFLICT) : null;
            default -> null;
        };
    }

    private static long offset(S3Call call) {
        String text = call.header(OFFSET);
        try {
            long offset = Long.parseLong(text == null ? "" : text.strip());
            if (offset >= 0) {
                return offset;
            }
        } catch (NumberFormatException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static S3Failure invalid(@Nullable String text) {
        return S3Failure.invalidArgument(OFFSET, text == null ? "" : text, "Argument must be a size in bytes");
    }
}
