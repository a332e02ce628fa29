package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of each removal of a `RemovalsRequest`, in its order.
public record RemovalsReply(List<Outcome> outcomes) {
    public RemovalsReply {
        outcomes = List.copyOf(outcomes);
    }

    /// What became of one.
    ///
    /// @param versionId the version that is gone, or the delete marker that was left; empty where a bucket
    ///     has no versions, or nothing was there
    /// @param marker whether a delete marker was left, or removed
    /// @param code of the failure; null when it is gone
    /// @param message of the failure
    public record Outcome(
            String versionId, boolean marker, @Nullable ErrorCode code, String message) {
        public static Outcome of(StoreException failure) {
            return new Outcome("", false, failure.code(), failure.text());
        }

        /// Why it was not removed, or null.
        public @Nullable StoreException failure() {
            return code == null ? null : new StoreException(code, message);
        }
    }
}
