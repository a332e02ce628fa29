package io.forebay.gateway.auth.acl;

import org.jspecify.annotations.Nullable;

/// What a grant gives, by S3's names.
public enum Permission {
    /// Of a bucket: to list it. Of an object: its bytes and attributes.
    READ,
    /// Of a bucket: to write, replace and remove objects in it. Of an object: nothing.
    WRITE,
    /// To read the list itself.
    READ_ACP,
    /// To replace the list itself.
    WRITE_ACP,
    /// All of these.
    FULL_CONTROL;

    /// The permission of that name, or null.
    public static @Nullable Permission find(String name) {
        for (Permission permission : values()) {
            if (permission.name().equals(name)) {
                return permission;
            }
        }
        return null;
    }

    boolean covers(Permission wanted) {
        return this == wanted || this == FULL_CONTROL;
    }
}
