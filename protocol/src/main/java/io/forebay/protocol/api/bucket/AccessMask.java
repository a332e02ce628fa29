package io.forebay.protocol.api.bucket;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.ArrayList;
import java.util.List;

/// A bucket's access bits (AIStore `apc/access.go`): unsigned 64-bit, a decimal string on the wire.
public record AccessMask(long bits) {
    public static final AccessMask ALL = new AccessMask(-1L);

    private static final int SHOWN = 4;

    /// What a bit permits, in the order of the bits.
    public enum Right {
        GET(0, "GET"),
        HEAD_OBJECT(1, "HEAD-OBJECT"),
        PUT(2, "PUT"),
        APPEND(3, "APPEND"),
        DELETE_OBJECT(4, "DELETE-OBJECT"),
        MOVE_OBJECT(5, "MOVE-OBJECT"),
        PROMOTE(6, "PROMOTE"),
        UPDATE_OBJECT(7, "UPDATE-OBJECT"),
        HEAD_BUCKET(8, "HEAD-BUCKET"),
        LIST_OBJECTS(9, "LIST-OBJECTS"),
        PATCH(10, "PATCH"),
        SET_BUCKET_ACL(11, "SET-BUCKET-ACL"),
        LIST_BUCKETS(12, "LIST-BUCKETS"),
        SHOW_CLUSTER(13, "SHOW-CLUSTER"),
        CREATE_BUCKET(14, "CREATE-BUCKET"),
        DESTROY_BUCKET(15, "DESTROY-BUCKET"),
        MOVE_BUCKET(16, "MOVE-BUCKET"),
        ADMIN(17, "ADMIN");

        private final int position;
        private final String wireName;

        Right(int position, String wireName) {
            this.position = position;
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }

        public long bit() {
            return 1L << position;
        }
    }

    /// Parses a decimal. Throws INVALID_ARGUMENT when it is not an unsigned 64-bit number.
    public static AccessMask parse(String decimal) {
        try {
            return new AccessMask(Long.parseUnsignedLong(decimal));
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid access \"" + decimal + "\": expecting an unsigned 64-bit number",
                    e);
        }
    }

    public boolean allows(Right right) {
        return (bits & right.bit()) != 0;
    }

    /// The rights as AIStore's messages list them: the first few, then `...`.
    public String describe() {
        List<String> names = new ArrayList<>();
        for (Right right : Right.values()) {
            if (allows(right)) {
                names.add(right.wireName());
            }
        }
        return names.isEmpty()
                ? "none"
                : names.size() <= SHOWN ? String.join(",", names) : String.join(",", names.subList(0, SHOWN)) + ", ...";
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(bits);
    }
}
