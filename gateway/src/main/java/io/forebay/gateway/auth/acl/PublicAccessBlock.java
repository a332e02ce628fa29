package io.forebay.gateway.auth.acl;

import io.forebay.protocol.http.Query;

/// What of a bucket may not be public, whatever its lists and its policy say.
///
/// @param blockPublicAcls whether lists that are public cannot be set
/// @param ignorePublicAcls whether grants to the public count for nothing
/// @param blockPublicPolicy whether a policy that is public cannot be set
/// @param restrictPublicBuckets whether a policy that is public allows nobody but the bucket's owner anything
public record PublicAccessBlock(
        boolean blockPublicAcls, boolean ignorePublicAcls, boolean blockPublicPolicy, boolean restrictPublicBuckets) {
    public static final PublicAccessBlock NONE = new PublicAccessBlock(false, false, false, false);

    /// As text to keep: `BlockPublicAcls=true&IgnorePublicAcls=false&…`.
    public String text() {
        return "BlockPublicAcls=" + blockPublicAcls + "&IgnorePublicAcls=" + ignorePublicAcls + "&BlockPublicPolicy="
                + blockPublicPolicy + "&RestrictPublicBuckets=" + restrictPublicBuckets;
    }

    /// Reads what `text` gave.
    public static PublicAccessBlock parse(String text) {
        Query query = Query.parse(text);
        return new PublicAccessBlock(
                isSet(query, "BlockPublicAcls"),
                isSet(query, "IgnorePublicAcls"),
                isSet(query, "BlockPublicPolicy"),
                isSet(query, "RestrictPublicBuckets"));
    }

    private static boolean isSet(Query query, String name) {
        return query.find(name, "").equals("true");
    }
}
