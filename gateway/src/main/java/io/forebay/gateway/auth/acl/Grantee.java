package io.forebay.gateway.auth.acl;

import org.jspecify.annotations.Nullable;

/// To whom something is granted.
public sealed interface Grantee {
    /// Whether a caller is meant.
    ///
    /// @param userId the caller's id; null for an anonymous one
    boolean includes(@Nullable String userId);

    /// One user, by id.
    record User(String id) implements Grantee {
        @Override
        public boolean includes(@Nullable String userId) {
            return id.equals(userId);
        }
    }

    /// Many users, by the address that S3 gives them.
    enum Group implements Grantee {
        ALL_USERS("http://acs.amazonaws.com/groups/global/AllUsers"),
        AUTHENTICATED_USERS("http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
        /// Nobody who asks here: it can be granted, as S3's clients do.
        LOG_DELIVERY("http://acs.amazonaws.com/groups/s3/LogDelivery");

        private final String uri;

        Group(String uri) {
            this.uri = uri;
        }

        /// The group of that address, or null.
        public static @Nullable Group find(String uri) {
            for (Group group : values()) {
                if (group.uri.equals(uri)) {
                    return group;
                }
            }
            return null;
        }

        public String uri() {
            return uri;
        }

        @Override
        public boolean includes(@Nullable String userId) {
            return switch (this) {
                case ALL_USERS -> true;
                case AUTHENTICATED_USERS -> userId != null;
                case LOG_DELIVERY -> false;
            };
        }

        boolean isPublic() {
            return this != LOG_DELIVERY;
        }
    }
}
