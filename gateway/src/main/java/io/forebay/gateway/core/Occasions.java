package io.forebay.gateway.core;

import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.api.Occasion;
import io.forebay.protocol.http.Headers;
import java.util.concurrent.Callable;

/// On what occasion a thread changes objects whose changes are told: bound by a face around the operation, and said
/// to the storage nodes that it asks.
public final class Occasions {
    private static final ScopedValue<Occasion> CURRENT = ScopedValue.newInstance();

    private Occasions() {}

    /// Runs an operation on that occasion.
    public static <T> T during(Occasion occasion, ScopedValue.CallableOp<T, RuntimeException> operation) {
        return ScopedValue.where(CURRENT, occasion).call(operation);
    }

    /// The same work on the occasion of now, for another thread.
    public static <T> Callable<T> carried(Callable<T> work) {
        if (!CURRENT.isBound()) {
            return work;
        }
        Occasion occasion = CURRENT.get();
        return () -> ScopedValue.where(CURRENT, occasion).call(work::call);
    }

    /// Adds it to the headers of a request that changes an object, where there is one.
    static void addTo(Headers node) {
        if (CURRENT.isBound()) {
            node.set(NodeHeaders.OCCASION, CURRENT.get().text());
        }
    }
}
