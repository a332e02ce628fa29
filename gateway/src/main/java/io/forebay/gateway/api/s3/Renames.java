package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ChecksumType;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// RenameObject: an object gets another name in its bucket.
///
/// The two names may have different owners, so this is a copy and then a removal of what was copied: for a moment
/// both names are there, and never none. A source that is written meanwhile stays, as if it had been written after
/// the rename.
///
/// The renamed object remembers the client's token and its former name, so that a client that lost the answer gets
/// it from whichever gateway, as long as the object is not written again.
final class Renames {
    static final String SOURCE = "x-amz-rename-source";

    /// The attribute of a renamed object that has the token of the request, a blank, and the object's former name.
    static final String TOKEN = "x-amz-client-token";

    private static final String SOURCE_CONDITION = "x-amz-rename-source-";
    private static final String[] CONDITIONS = {"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"
    };
    private static final int MAX_TOKEN_CHARS = 64;

    private final Gatekeeper gate;
    private final Buckets buckets;
    private final Objects objects;

    Renames(Gatekeeper gate, Buckets buckets, Objects objects) {
        this.gate = gate;
        this.buckets = buckets;
        this.objects = objects;
    }

    /// Throws NoSuchKey, PreconditionFailed, IdempotencyParameterMismatch, and InvalidRequest for a rename to the
    /// same name.
    Reply rename(S3Call call) {
        ObjectKey target = call.key();
        boolean keepsMd5 = buckets.require(target.bucket()).keepsMd5();
        ObjectKey source = new ObjectKey(target.bucket(), source(call));
        if (source.equals(target)) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "An object cannot be renamed to the name that it has.");
        }
        gate.checkSource(call, source);
        gate.checkRemoval(call, source);
        String token = token(call);
        Headers present = objects.find(call.exchange(), target);
        if (!token.isEmpty() && present != null && wasRenamed(present, token, source)) {
            return S3Replies.empty(200);
        }
        Headers headers = new Headers();
        WriteCondition condition = condition(call, present);
        condition.addTo(headers);
        if (keepsMd5) {
            headers.add(NodeHeaders.COMPUTE, ChecksumType.MD5.wireName());
        }
        AttributeHeaders.writeSystem(Map.of(TOKEN, token.isEmpty() ? "" : token + " " + source.name()), headers);
        try {
            objects.rename(call.exchange(), source, sourceConditions(call), target, headers);
        } catch (StoreException e) {
            throw e.code() == ErrorCode.NO_SUCH_OBJECT ? gate.explainSource(call, source, e) : condition.check(e);
        }
        return new Reply(200, new Headers(), Payload.none());
    }

    /// The former name, which the header has percent-encoded, with or without a slash in front.
    private static String source(S3Call call) {
        String header = call.header(SOURCE);
        String text = header == null ? "" : header.strip();
        String name;
        try {
            name = PercentCode.decode(text.startsWith("/") ? text.substring(1) : text);
        } catch (StoreException e) {
            throw S3Failure.invalidArgument(SOURCE, text, "Invalid rename source encoding.");
        }
        if (name.isEmpty()) {
            throw S3Failure.invalidArgument(SOURCE, text, "Rename Source must mention the key of the source");
        }
        return name;
    }

    private static String token(S3Call call) {
        String token = call.header(TOKEN);
        if (token == null) {
            return "";
        }
        boolean valid = !token.isEmpty()
                && token.length() <= MAX_TOKEN_CHARS
                && token.chars().allMatch(c -> c > ' ' && c < 127);
        if (!valid) {
            throw S3Failure.invalidArgument(TOKEN, token, "A client token has 1 to 64 visible ASCII characters");
        }
        return token;
    }

    /// Whether the object at the new name is there by an earlier request of that token.
    private static boolean wasRenamed(Headers present, String token, ObjectKey source) {
        String known = AttributeHeaders.readSystem(present).getOrDefault(TOKEN, "");
        if (!known.startsWith(token + " ")) {
            return false;
        }
        if (!known.substring(token.length() + 1).equals(source.name())) {
            throw new S3Failure(S3Error.IDEMPOTENCY_PARAMETER_MISMATCH);
        }
        return true;
    }

    private static Headers sourceConditions(S3Call call) {
        Headers conditions = new Headers();
        for (String name : CONDITIONS) {
            String value = call.header(SOURCE_CONDITION + name);
            if (value != null) {
                conditions.add(name, value);
            }
        }
        return conditions;
    }

    /// What is demanded of an object that has the new name. Dates are looked at now; that the object is still the
    /// same is looked at when it is replaced.
    private WriteCondition condition(S3Call call, @Nullable Headers present) {
        String modified = call.header("If-Modified-Since");
        String unmodified = call.header("If-Unmodified-Since");
        WriteCondition byTag = WriteCondition.of(call, call.key(), objects);
        if (modified == null && unmodified == null) {
            return byTag;
        }
        if (present == null) {
            if (modified != null) {
                throw new S3Failure(S3Error.PRECONDITION_FAILED);
            }
            return byTag.equals(WriteCondition.NONE) ? WriteCondition.STILL_ABSENT : byTag;
        }
        long seconds = Long.parseLong(present.find(NodeHeaders.MODIFIED, "0")) / 1000;
        boolean holds = (modified == null || seconds > seconds(modified))
                && (unmodified == null || seconds <= seconds(unmodified));
        if (!holds) {
            throw new S3Failure(S3Error.PRECONDITION_FAILED);
        }
        return byTag.equals(WriteCondition.NONE) ? WriteCondition.still(present.find(NodeHeaders.ETAG, "")) : byTag;
    }

    private static long seconds(String date) {
        long millis = HttpDate.parse(date);
        if (millis == HttpDate.INVALID) {
            throw S3Failure.invalidArgument("date", date, "Not a date as HTTP has it");
        }
        return millis / 1000;
    }
}
