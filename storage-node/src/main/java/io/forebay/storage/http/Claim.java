package io.forebay.storage.http;

import io.forebay.common.model.ObjectKey;
import io.forebay.storage.peer.Reliance;

/// What a change relies on: that this node has the newest value of the key since an epoch, or nothing.
///
/// @param since 0 for nothing
record Claim(long since) {
    static final Claim NONE = new Claim(0);

    /// Runs a change of the key under it.
    <T> T run(ObjectKey key, ScopedValue.CallableOp<T, RuntimeException> change) {
        return since == 0 ? change.call() : Reliance.on(key, since, change);
    }
}
