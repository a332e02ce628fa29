package io.forebay.system;

import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.control.NodeStatuses;
import io.forebay.system.server.RawHttp;
import java.net.URI;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// When a change of owners is over.
final class Settling {
    private Settling() {}

    /// So many storage nodes own objects, and everything is with them.
    static Predicate<NodeStatuses> with(int owners) {
        return statuses -> statuses.areOwnersSettled()
                && statuses.nodes().stream()
                                .filter(node -> node.role().equals("STORAGE")
                                        && node.phase().equals("ACTIVE"))
                                .count()
                        == owners;
    }

    /// Waits for that, as the control port of a gateway tells of it.
    static void await(URI control, int owners) {
        try (RawHttp http = new RawHttp(control)) {
            while (!with(owners)
                    .test(WireJson.read(http.send("GET", "/admin/cluster").body(), NodeStatuses.class))) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("interrupted while owners settled");
                }
                LockSupport.parkNanos(50_000_000);
            }
        }
    }
}
