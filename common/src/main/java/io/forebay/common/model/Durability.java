package io.forebay.common.model;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.Locale;

/// When a write of a bucket is acknowledged.
public enum Durability {
    /// After the bytes are in the page cache: a power cut may lose them.
    NONE,
    /// After a sync shared with other writers: an acknowledged write survives a power cut. The default.
    GROUP,
    /// After a sync of its own, directory entries included.
    STRICT;

    private static final Durability[] ALL = values();

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
        return wireName;
    }

    /// Throws INVALID_ARGUMENT when the text is none of `none`, `group`, `strict`.
    public static Durability parse(String text) {
        for (Durability durability : ALL) {
            if (durability.wireName().equals(text)) {
                return durability;
            }
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT, "invalid durability \"" + text + "\": expecting none, group or strict");
    }
}
