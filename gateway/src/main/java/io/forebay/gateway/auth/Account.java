package io.forebay.gateway.auth;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.User;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a user is known by to others: as the owner of a bucket, or as who asks.
///
/// @param id the cluster's own, which buckets name their owner by
/// @param canonicalId S3's: 64 hex digits, derived from the id
/// @param name shown beside it; the id where nobody knows a name any more
public record Account(String id, String canonicalId, String name) {
    private static final String ACCOUNT_ARN = "arn:aws:iam::";
    private static final String USER_ARN = ACCOUNT_ARN + ":user/";

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

    /// The name that policies call it by.
    public String arn() {
        return USER_ARN + name;
    }

    /// Everything that policies may call it: its ids, its name, and ARNs of these. Whoever asks may add to it.
    Set<String> principals() {
        Set<String> principals = new HashSet<>(List.of(id, canonicalId, name, arn()));
        principals.add(ACCOUNT_ARN + id + ":root");
        principals.add(ACCOUNT_ARN + canonicalId + ":root");
        return principals;
    }

    /// Whether a text means this account: by either id, or by its name.
    public boolean isMeantBy(String text) {
        return text.equals(canonicalId) || text.equals(id) || text.equals(name);
    }
}
