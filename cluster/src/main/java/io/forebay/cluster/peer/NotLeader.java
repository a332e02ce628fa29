package io.forebay.cluster.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import org.jspecify.annotations.Nullable;

/// The failure NOT_LEADER with the address of the gateway that leads, in words: its text ends with it.
public final class NotLeader {
    private static final String AT = ", which is at ";

    private NotLeader() {}

    /// The failure in those words, with the address.
    ///
    /// @param leaderUrl null when nobody is known to lead
    public static StoreException naming(@Nullable String leaderUrl, String text) {
        boolean named = leaderUrl == null || text.endsWith(AT + leaderUrl);
        return new StoreException(ErrorCode.NOT_LEADER, named ? text : text + AT + leaderUrl);
    }

    /// The address that such a failure names, or null.
    public static @Nullable String leaderUrl(StoreException failure) {
        int at = failure.text().lastIndexOf(AT);
        return failure.code() != ErrorCode.NOT_LEADER || at < 0
                ? null
                : failure.text().substring(at + AT.length());
    }
}
