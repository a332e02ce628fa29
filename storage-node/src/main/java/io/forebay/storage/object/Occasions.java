package io.forebay.storage.object;

import io.forebay.protocol.api.Occasion;

/// On what occasion a thread changes objects: bound around the change for whoever is told of it.
public final class Occasions {
    private static final ScopedValue<Occasion> CURRENT = ScopedValue.newInstance();
    private static final Occasion UNKNOWN = Occasion.of(Occasion.Cause.REQUEST);

    private Occasions() {}

    /// Runs a change on that occasion.
    public static <T> T during(Occasion occasion, ScopedValue.CallableOp<T, RuntimeException> change) {
        return ScopedValue.where(CURRENT, occasion).call(change);
    }

    /// The occasion of now; that of a request of which nothing is known when nobody said.
    public static Occasion current() {
        return CURRENT.orElse(UNKNOWN);
    }
}
