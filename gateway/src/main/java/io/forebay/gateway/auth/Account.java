package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/// What a user is known by to others: as the owner of a bucket, or as who asks.
///
/// @param id the cluster's own, which buckets name their owner by
/// @param canonicalId S3's: 64 hex digits, derived from the id
/// @param name shown beside it; the id where nobody knows a name any more
public record Account(String id, String canonicalId, String name) {
    /// Who may do everything, and owns what names no owner.
    public static final Account ROOT = of(User.ROOT, User.ROOT);

    /// Who proved nothing: owns nothing.
    public static final Account ANONYMOUS = of("anonymous", "anonymous");

    public static Account of(String id, String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(("forebay user " + id).getBytes(StandardCharsets.UTF_8));
            return new Account(id, HexFormat.of().formatHex(digest), name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /// The properties of a bucket that this account creates: root's need none.
    public Map<String, String> ownedProperties() {
        return id.equals(User.ROOT) ? Map.of() : Map.of(Bucket.OWNER, id);
    }

    /// Whether a text means this account: by either id, or by its name.
    public boolean isMeantBy(String text) {
        return text.equals(canonicalId) || text.equals(id) || text.equals(name);
    }
}
