package io.forebay.gateway.auth.acl;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.jspecify.annotations.Nullable;

/// Who owns what is written into a bucket, and whether access control lists count there.
public enum ObjectOwnership {
    /// The bucket's owner owns everything; lists count for nothing.
    BUCKET_OWNER_ENFORCED("BucketOwnerEnforced"),
    /// Who writes owns, unless the bucket's owner is given full control: then that one owns.
    BUCKET_OWNER_PREFERRED("BucketOwnerPreferred"),
    /// Who writes owns.
    OBJECT_WRITER("ObjectWriter");

    private final String wireName;

    ObjectOwnership(String wireName) {
        this.wireName = wireName;
    }

    /// The one of that name, or null.
    public static @Nullable ObjectOwnership find(String name) {
        for (ObjectOwnership ownership : values()) {
            if (ownership.wireName.equals(name)) {
                return ownership;
            }
        }
        return null;
    }

    /// Reads what was stored. Throws INTERNAL when it is something else.
    public static ObjectOwnership require(String name) {
        ObjectOwnership ownership = find(name);
        if (ownership == null) {
            throw new StoreException(ErrorCode.INTERNAL, "not an ownership of objects: \"" + name + "\"");
        }
        return ownership;
    }

    public String wireName() {
        return wireName;
    }

    public boolean listsCount() {
        return this != BUCKET_OWNER_ENFORCED;
    }
}
