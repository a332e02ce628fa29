package io.forebay.protocol.api.bucket;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.jspecify.annotations.Nullable;

/// AIStore's request for a page of a listing (`apc/lsmsg.go`). Every part may be missing on input.
public record ListMessage(
        @Nullable String uuid,
        @Nullable String props,
        @Nullable String prefix,
        @JsonProperty("start_after") @Nullable String startAfter,
        @JsonProperty("continuation_token") @Nullable String token,
        @JsonProperty("pagesize") long pageSize,
        @Nullable String flags,
        @Nullable String target,
        @JsonProperty("time_format") @Nullable String timeFormat) {

    /// The bits of `flags`.
    public enum Flag {
        CACHED(0),
        MISSING(1),
        DELETED(2),
        ARCHIVE_DIRECTORY(3),
        NAME_ONLY(4),
        NAME_SIZE(5),
        BUCKET_PRESENT(6),
        DONT_HEAD_REMOTE(7),
        DONT_ADD_REMOTE(8),
        NOT_CACHED(9),
        ONLY_REMOTE_PROPS(10),
        NO_RECURSION(11),
        DIFF(12),
        NO_DIRECTORIES(13),
        IS_S3(14),
        INVENTORY(15);

        private final int position;

        Flag(int position) {
            this.position = position;
        }
    }

    public boolean has(Flag flag) {
        return (bits() & 1L << flag.position) != 0;
    }

    /// Whether the property is among those asked for: a substring test, as AIStore has it.
    public boolean wants(String property) {
        return props != null && props.contains(property);
    }

    private long bits() {
        if (flags == null || flags.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(flags);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "invalid flags \"" + flags + "\": expecting a decimal number", e);
        }
    }

    /// Throws INVALID_ARGUMENT when the parts contradict each other for a bucket of this cluster.
    public void validate() {
        Check.argument(pageSize >= 0, "invalid page size %s", pageSize);
        Check.argument(
                !has(Flag.CACHED) || !has(Flag.NOT_CACHED), "bad list-objects request: \"cached\" and \"not cached\"");
        Check.argument(
                !has(Flag.NOT_CACHED) && !has(Flag.ONLY_REMOTE_PROPS),
                "bad list-objects request: remote-only flags require a remote bucket");
    }
}
