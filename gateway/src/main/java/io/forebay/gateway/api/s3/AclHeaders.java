package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.acl.AccessControlList;
import io.forebay.gateway.auth.acl.CannedAcl;
import io.forebay.gateway.auth.acl.Grant;
import io.forebay.gateway.auth.acl.Permission;
import io.forebay.protocol.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The access control list that the headers of a request ask for: a canned one by name, or grants one by one.
///
/// @param canned null when grants are given
record AclHeaders(@Nullable CannedAcl canned, List<Grant> grants) {
    static final String CANNED = "x-amz-acl";
    static final String GRANT_PREFIX = "x-amz-grant-";

    /// Null for a request that asks for none. Throws InvalidArgument, InvalidRequest for both kinds at once, and what a
    /// grantee is refused with.
    static @Nullable AclHeaders read(Headers headers, AclDocument grantees) {
        if (!areIn(headers)) {
            return null;
        }
        String name = headers.find(CANNED);
        List<Grant> grants = grants(headers, grantees);
        if (name == null) {
            return new AclHeaders(null, grants);
        }
        CannedAcl canned = CannedAcl.find(name);
        if (canned == null) {
            throw S3Failure.invalidArgument(CANNED, name, "Invalid canned ACL");
        }
        if (!grants.isEmpty()) {
            throw new S3Failure(
                    S3Error.INVALID_REQUEST, "Specifying both Canned ACLs and Header Grants is not allowed");
        }
        return new AclHeaders(canned, List.of());
    }

    /// Whether there are any, right or wrong.
    static boolean areIn(Headers headers) {
        for (int index = 0; index < headers.count(); index++) {
            String name = headers.name(index);
            if (name.equalsIgnoreCase(CANNED) || name.regionMatches(true, 0, GRANT_PREFIX, 0, GRANT_PREFIX.length())) {
                return true;
            }
        }
        return false;
    }

    private static List<Grant> grants(Headers headers, AclDocument grantees) {
        List<Grant> grants = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            String header =
                    GRANT_PREFIX + permission.name().toLowerCase(Locale.ROOT).replace('_', '-');
            for (String line : headers.all(header)) {
                for (String part : line.split(",", -1)) {
                    grants.add(grant(header, line, part.strip(), permission, grantees));
                }
            }
        }
        if (grants.size() > AccessControlList.MAX_GRANTS) {
            throw new S3Failure(S3Error.MALFORMED_ACL);
        }
        return grants;
    }

    /// One `id="…"`, `uri="…"` or `emailAddress="…"`.
    private static Grant grant(String header, String line, String part, Permission permission, AclDocument grantees) {
        int equals = part.indexOf('=');
        if (equals <= 0) {
            throw S3Failure.invalidArgument(header, line, "Argument format not recognized");
        }
        String value = part.substring(equals + 1).strip();
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return new Grant(
                grantees.grantee(
                        part.substring(0, equals).strip(), quoted ? value.substring(1, value.length() - 1) : value),
                permission);
    }

    /// The list that they mean of something.
    AccessControlList of(String owner, String bucketOwner) {
        return canned == null ? new AccessControlList(owner, grants) : canned.of(owner, bucketOwner);
    }

    /// Whether they ask for nothing but what is so where lists do not count: that the bucket's owner may do everything.
    boolean givesBucketOwnerAll(String bucketOwner) {
        return canned == CannedAcl.BUCKET_OWNER_FULL_CONTROL
                || (canned == null
                        && AccessControlList.ofOwner(bucketOwner).grants().equals(grants));
    }
}
