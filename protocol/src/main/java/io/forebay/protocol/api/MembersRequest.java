package io.forebay.protocol.api;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;

/// Asks a storage node for one page of the members of an archive: what is behind listings of archives'
/// contents.
///
/// Sent as the query of `GET /v1/objects/BUCKET/OBJECT`. The answer is a `MembersPage`; INVALID_ARGUMENT for
/// an object that is no archive.
///
/// @param prefix only names that begin with it
/// @param after only names strictly greater in UTF-8 byte order; empty for the beginning
/// @param limit the most members, 1 to 10,000
public record MembersRequest(String prefix, String after, int limit) {
    private static final String WHAT = "members";
    private static final String PREFIX = "prefix";
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final int MAX_LIMIT = 10_000;

    public MembersRequest {
        Check.argument(limit >= 1 && limit <= MAX_LIMIT, "limit must be 1 to %s, not %s", MAX_LIMIT, limit);
    }

    /// Whether a query is one.
    public static boolean isIn(Query query) {
        return query.find(AisQuery.WHAT, "").equals(WHAT);
    }

    /// The one that a query has. Throws INVALID_ARGUMENT.
    public static MembersRequest of(Query query) {
        String limit = query.find(LIMIT, "");
        try {
            return new MembersRequest(query.find(PREFIX, ""), query.find(AFTER, ""), Integer.parseInt(limit));
        } catch (NumberFormatException e) {
            throw new StoreException(ErrorCode.INVALID_ARGUMENT, "limit must be a number, not \"" + limit + "\"", e);
        }
    }

    /// The query, percent-encoded.
    public String query() {
        return AisQuery.WHAT + "=" + WHAT + "&" + PREFIX + "=" + PercentCode.encode(prefix) + "&" + AFTER + "="
                + PercentCode.encode(after) + "&" + LIMIT + "=" + limit;
    }
}
