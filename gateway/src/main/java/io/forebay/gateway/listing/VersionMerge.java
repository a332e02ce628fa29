package io.forebay.gateway.listing;

import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import java.util.ArrayList;
import java.util.List;

/// Puts rounds of versions together to one page. For one thread.
final class VersionMerge {
    private static final int MAX_NODE_PAGE = 10_000;

    private final PageRequest names;
    private final List<VersionPage.Entry> merged = new ArrayList<>();
    private VersionsRequest next;
    private boolean hasMore = true;

    VersionMerge(VersionsRequest request) {
        this.names = request.page();
        this.next = request;
    }

    /// Whether there is a page: a full one of which it is known whether there is more behind it, or the last.
    boolean isComplete() {
        return !hasMore || merged.size() > names.limit();
    }

    VersionPage page() {
        boolean truncated = merged.size() > names.limit();
        return new VersionPage(List.copyOf(truncated ? merged.subList(0, names.limit()) : merged), truncated);
    }

    /// What to ask every node for next.
    VersionsRequest next() {
        return next;
    }

    /// Takes what all answered to `next`.
    void add(VersionRound round) {
        merged.addAll(round.entries());
        VersionRound.End end = round.end();
        hasMore = end != null;
        if (end != null) {
            int missing = Math.max(1, names.limit() - merged.size() + 1);
            next = end.next(names, Math.min(missing, MAX_NODE_PAGE));
        }
    }
}
