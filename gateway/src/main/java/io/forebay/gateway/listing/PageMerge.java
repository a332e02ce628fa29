package io.forebay.gateway.listing;

import io.forebay.protocol.api.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Merges pages of the same request from several nodes into the longest page that is certain.
///
/// A truncated page says nothing of names after its last entry, so the merge ends at the smallest such name. A name
/// that several pages have (a group, or an object seen at two nodes while it moves) is taken once.
final class PageMerge {
    private PageMerge() {}

    /// At most `limit` entries, at least one when any page has one.
    static Page merge(List<Page> pages, int limit) {
        @Nullable String certain = null;
        int total = 0;
        for (Page page : pages) {
            total += page.entries().size();
            if (page.truncated() && !page.entries().isEmpty()) {
                String last = page.entries().getLast().name();
                certain = certain == null || NameOrder.compare(last, certain) < 0 ? last : certain;
            }
        }
        int[] next = new int[pages.size()];
        List<Page.Entry> merged = new ArrayList<>(Math.min(limit, total));
        while (true) {
            Page.Entry smallest = smallest(pages, next);
            if (smallest == null) {
                return new Page(merged, certain != null);
            }
            if (merged.size() == limit || (certain != null && NameOrder.compare(smallest.name(), certain) > 0)) {
                return new Page(merged, true);
            }
            merged.add(smallest);
            skip(pages, next, smallest.name());
        }
    }

    private static Page.@Nullable Entry smallest(List<Page> pages, int[] next) {
        Page.Entry smallest = null;
        for (int index = 0; index < next.length; index++) {
            List<Page.Entry> entries = pages.get(index).entries();
            if (next[index] < entries.size()) {
                Page.Entry entry = entries.get(next[index]);
                int order = smallest == null ? -1 : NameOrder.compare(entry.name(), smallest.name());
                if (order < 0 || (order == 0 && smallest != null && isNewer(entry, smallest))) {
                    smallest = entry;
                }
            }
        }
        return smallest;
    }

    private static boolean isNewer(Page.Entry entry, Page.Entry other) {
        return entry.modifiedMillis() > other.modifiedMillis();
    }

    private static void skip(List<Page> pages, int[] next, String name) {
        for (int index = 0; index < next.length; index++) {
            List<Page.Entry> entries = pages.get(index).entries();
            if (next[index] < entries.size() && entries.get(next[index]).name().equals(name)) {
                next[index]++;
            }
        }
    }
}
