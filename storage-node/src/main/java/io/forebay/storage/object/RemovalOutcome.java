package io.forebay.storage.object;

import io.forebay.common.error.StoreException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of one of several removals.
///
/// @param removed what is gone; null when there was nothing, or it failed
/// @param failure why it was not removed, or null
public record RemovalOutcome(
        @Nullable Removed removed, @Nullable StoreException failure) {
    static RemovalOutcome of(JointRemoval.Outcome<List<Removed>> outcome) {
        List<Removed> answer = outcome.answer();
        return new RemovalOutcome(answer == null || answer.isEmpty() ? null : answer.getFirst(), outcome.failure());
    }
}
