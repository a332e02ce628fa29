package io.forebay.gateway.listing;

import io.forebay.protocol.api.Page;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A place between names: behind a name, or behind every name of a group.
record Position(String name, boolean past) {
    /// Up to where each of several nodes' pages tells all; null when that is to the end.
    static @Nullable Position endOf(List<Page> pages) {
        Position end = null;
        for (Page page : pages) {
            if (page.truncated()) {
                Page.Entry last = page.entries().getLast();
                Position position = new Position(last.name(), last.group());
                end = end == null || position.isBefore(end) ? position : end;
            }
        }
        return end;
    }

    boolean isBefore(String other) {
        int order = NameOrder.compare(name, other);
        return order < 0 && !(past && other.startsWith(name));
    }

    boolean isBefore(Position other) {
        boolean isWithin = other.past && name.startsWith(other.name);
        return isWithin ? !(past && name.equals(other.name)) : isBefore(other.name);
    }
}
