package io.forebay.system;

import io.forebay.protocol.api.control.NodeStatuses;
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
}
