package io.forebay.storage.object;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.ObjectKey;
import io.forebay.storage.metadata.ObjectRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What must hold of the stored object at the moment of a commit; checked under the key's lock.
///
/// @param existence whether the object must be absent
/// @param etags when not empty, the object must exist with one of these entity tags (quotes optional, `*` is any)
/// @param size in bytes that the object must exist with, or null
/// @param modifiedSeconds since the epoch, without fractions, at which the object must have been modified; or null
public record Conditions(
        Existence existence,
        List<String> etags,
        @Nullable Long size,
        @Nullable Long modifiedSeconds) {
    public static final Conditions NONE = new Conditions(Existence.ANY, List.of());

    /// `If-None-Match: *`: nothing may be replaced.
    public static final Conditions ABSENT = new Conditions(Existence.ABSENT, List.of());

    public enum Existence {
        ANY,
        ABSENT
    }

    public Conditions {
        etags = List.copyOf(etags);
    }

    /// Without conditions on size and time.
    public Conditions(Existence existence, List<String> etags) {
        this(existence, etags, null, null);
    }

    /// `If-Match`: the object must exist with one of these tags.
    public static Conditions matching(List<String> etags) {
        return new Conditions(Existence.ANY, etags);
    }

    /// Throws PRECONDITION_FAILED when a condition does not hold of the current object, and NO_SUCH_OBJECT when one
    /// asks for an object and there is none.
    public void check(ObjectKey key, @Nullable ObjectRecord current) {
        if (existence == Existence.ABSENT && current != null) {
            throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " exists");
        }
        if (etags.isEmpty() && size == null && modifiedSeconds == null) {
            return;
        }
        if (current == null) {
            throw new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " does not exist");
        }
        checkTag(key, current.etag());
        if (size != null && size != current.contentSize()) {
            throw new StoreException(
                    ErrorCode.PRECONDITION_FAILED, key + " has " + current.contentSize() + " bytes, not " + size);
        }
        if (modifiedSeconds != null && modifiedSeconds != Math.floorDiv(current.modifiedMillis(), 1000)) {
            throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " was modified at another time");
        }
    }

    private void checkTag(ObjectKey key, @Nullable String etag) {
        if (etags.isEmpty()) {
            return;
        }
        for (String expected : etags) {
            if (expected.equals("*") || unquoted(expected).equals(etag)) {
                return;
            }
        }
        throw new StoreException(ErrorCode.PRECONDITION_FAILED, key + " has ETag " + etag + ", not the one asked for");
    }

    private static String unquoted(String etag) {
        boolean quoted = etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"");
        return quoted ? etag.substring(1, etag.length() - 1) : etag;
    }
}
