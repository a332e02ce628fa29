package io.forebay.storage.peer;

import io.forebay.common.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/// That a change of a key relies on this node knowing the newest value of it: bound around the change to the
/// epoch since which the key has had its holders when that was made sure of.
///
/// When the key had other holders in between, what is here may be old again, and the change has to begin anew.
public final class Reliance {
    private static final ScopedValue<Claim> CLAIM = ScopedValue.newInstance();

    private Reliance() {}

    /// @param key null for every key
    private record Claim(@Nullable ObjectKey key, long since) {}

    /// Runs a change that relies on it.
    public static <T> T on(ObjectKey key, long since, ScopedValue.CallableOp<T, RuntimeException> change) {
        return ScopedValue.where(CLAIM, new Claim(key, since)).call(change);
    }

    /// Runs changes of many keys, each of which relies on it.
    public static <T> T onAll(long since, ScopedValue.CallableOp<T, RuntimeException> changes) {
        return ScopedValue.where(CLAIM, new Claim(null, since)).call(changes);
    }

    /// Whether what a change of the key relies on, if it does, still holds.
    static boolean holds(ObjectKey key, Fence.Admitted admitted) {
        if (!CLAIM.isBound()) {
            return true;
        }
        Claim claim = CLAIM.get();
        boolean relies = claim.key() == null || claim.key().equals(key);
        return !relies || claim.since() == admitted.history().since();
    }
}
