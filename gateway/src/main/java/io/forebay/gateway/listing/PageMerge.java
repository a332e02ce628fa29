package io.forebay.gateway.listing;

import io.forebay.common.error.Check;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Merges the pages of several nodes, round by round, into one page: of a name that several have the newest
/// counts, what was removed is left out, and names are rolled up.
///
/// A truncated page says nothing of names after its last entry, so a round is certain up to the least of
/// these ends; the next one begins there. A group is certain with one object in it, and is passed over
/// then. For one thread.
final class PageMerge {
    private static final int MAX_NODE_PAGE = 10_000;
    private static final int MIN_HOLDINGS = 250;

    private final PageRequest request;
    private final List<Page.Entry> merged = new ArrayList<>();
    private Position reached;
    private String lastGroup = "";
    private boolean exhausted;
    private boolean hasMore;

    PageMerge(PageRequest request) {
        this.request = request;
        this.reached = new Position(request.after(), request.past());
        this.lastGroup = request.past() ? request.after() : "";
    }

    /// Whether there is a page: a full one, or the last.
    boolean isComplete() {
        return exhausted || merged.size() > request.limit() || (hasMore && merged.size() == request.limit());
    }

    /// The page, and whether there is more behind it.
    Page page() {
        boolean truncated = merged.size() > request.limit();
        return new Page(List.copyOf(truncated ? merged.subList(0, request.limit()) : merged), truncated || hasMore);
    }

    /// What to ask every node for next, of what it answers for.
    PageRequest nextPage() {
        return next(Math.max(1, request.limit() - merged.size()));
    }

    /// What to ask every node for next, of all that it has. One name more than are missing tells whether
    /// there is more, and some of them may turn out to be none.
    PageRequest nextHoldings() {
        return next(Math.max(MIN_HOLDINGS, request.limit() - merged.size() + 1));
    }

    private PageRequest next(int limit) {
        return request.from(reached.name(), reached.past(), Math.min(limit, MAX_NODE_PAGE));
    }

    /// Takes the answers of all nodes to `nextPage`: what they have more is sure to be there.
    void addPages(List<Page> pages) {
        hasMore = add(pages) != null;
    }

    /// Takes the answers of all nodes to `nextHoldings`.
    void addHoldings(List<Page> pages) {
        hasMore = false;
        add(pages);
    }

    private @Nullable Position add(List<Page> pages) {
        Position end = Position.endOf(pages);
        int[] at = new int[pages.size()];
        String name = least(pages, at);
        while (name != null && merged.size() <= request.limit() && (end == null || !end.isBefore(name))) {
            take(name, newest(pages, at, name));
            name = least(pages, at);
        }
        if (end == null) {
            exhausted = name == null;
        } else {
            Check.that(reached.isBefore(end), "pages of %s end before %s", end, reached);
            reached = !lastGroup.isEmpty() && end.name().startsWith(lastGroup) ? new Position(lastGroup, true) : end;
        }
        return end;
    }

    private void take(String name, Page.Entry newest) {
        boolean isTaken = !lastGroup.isEmpty() && name.startsWith(lastGroup);
        if (isTaken || newest.removed()) {
            return;
        }
        String group = newest.group() ? name : request.group(name);
        if (group == null) {
            merged.add(newest.epoch() == 0 ? newest : newest.stamped(0, 0));
        } else {
            lastGroup = group;
            merged.add(Page.Entry.group(group));
        }
    }

    private static @Nullable String least(List<Page> pages, int[] at) {
        String least = null;
        for (int index = 0; index < at.length; index++) {
            List<Page.Entry> entries = pages.get(index).entries();
            if (at[index] < entries.size()) {
                String name = entries.get(at[index]).name();
                least = least == null || NameOrder.compare(name, least) < 0 ? name : least;
            }
        }
        return least;
    }

    /// What counts of a name, behind which all pages move.
    private static Page.Entry newest(List<Page> pages, int[] at, String name) {
        Page.Entry newest = null;
        for (int index = 0; index < at.length; index++) {
            List<Page.Entry> entries = pages.get(index).entries();
            while (at[index] < entries.size() && entries.get(at[index]).name().equals(name)) {
                newest = newer(entries.get(at[index]++), newest);
            }
        }
        return Objects.requireNonNull(newest, "no page has the name");
    }

    /// What counts of two nodes' entries of a name, of which there may be one only.
    static Page.Entry newer(Page.Entry entry, Page.@Nullable Entry other) {
        return other == null || outweighs(entry, other) ? entry : other;
    }

    /// A group is certain to have an object. What a node is certain of is not what another one may have.
    private static boolean outweighs(Page.Entry entry, Page.Entry other) {
        if (entry.group() != other.group()) {
            return entry.group();
        }
        if (entry.epoch() == 0 || other.epoch() == 0) {
            return other.epoch() != 0;
        }
        return entry.epoch() != other.epoch() ? entry.epoch() > other.epoch() : entry.change() > other.change();
    }
}
