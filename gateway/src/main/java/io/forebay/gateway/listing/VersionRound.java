package io.forebay.gateway.listing;

import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What all nodes together say of the versions of a bucket's objects, up to where it is certain: entries in UTF-8
/// byte order of the names, the newest version of each first, rolled up.
///
/// @param end the place up to where it is; null for the end of the bucket
record VersionRound(
        List<VersionPage.Entry> entries, @Nullable End end) {
    /// A place: behind a version of a name, behind all of it, or behind a group.
    ///
    /// @param versionId empty for all of them
    record End(String name, boolean group, String versionId) {
        static End of(VersionPage.Entry entry) {
            return new End(entry.name(), entry.group(), entry.versionId());
        }

        /// What to ask for from here on.
        VersionsRequest next(PageRequest names, int limit) {
            return new VersionsRequest(names.from(name, group, limit), versionId);
        }
    }

    /// Of the pages of nodes each of which has all versions of what it tells of.
    static VersionRound of(List<VersionPage> pages) {
        End end = null;
        for (VersionPage page : pages) {
            if (page.truncated()) {
                End last = End.of(page.entries().getLast());
                end = end == null || NameOrder.compare(last.name, end.name) < 0 ? last : end;
            }
        }
        List<VersionPage.Entry> entries = new ArrayList<>();
        int[] at = new int[pages.size()];
        for (VersionPage.Entry entry = least(pages, at); entry != null; entry = least(pages, at)) {
            if (end != null && NameOrder.compare(entry.name(), end.name) > 0) {
                break;
            }
            boolean known = entry.group() && !entries.isEmpty() && isSame(entries.getLast(), entry);
            if (!known) {
                entries.add(entry);
            }
        }
        return new VersionRound(entries, end);
    }

    private static boolean isSame(VersionPage.Entry some, VersionPage.Entry other) {
        return some.group() == other.group() && some.name().equals(other.name());
    }

    /// The least entry that was not taken yet, which is taken; null when there is none.
    private static VersionPage.@Nullable Entry least(List<VersionPage> pages, int[] at) {
        int least = -1;
        for (int index = 0; index < at.length; index++) {
            if (at[index] < pages.get(index).entries().size()
                    && (least < 0 || NameOrder.compare(name(pages, index, at), name(pages, least, at)) < 0)) {
                least = index;
            }
        }
        return least < 0 ? null : pages.get(least).entries().get(at[least]++);
    }

    private static String name(List<VersionPage> pages, int index, int[] at) {
        return pages.get(index).entries().get(at[index]).name();
    }

    /// The names that nodes told of, up to where all have told theirs.
    ///
    /// @param end the last of them; null when they told all
    record Names(List<String> names, @Nullable String end) {
        static Names of(List<VersionPage> told) {
            TreeSet<String> names = new TreeSet<>(NameOrder.INSTANCE);
            String end = null;
            for (VersionPage page : told) {
                page.entries().forEach(entry -> names.add(entry.name()));
                if (page.truncated()) {
                    String last = page.entries().getLast().name();
                    end = end == null || NameOrder.compare(last, end) < 0 ? last : end;
                }
            }
            return new Names(List.copyOf(end == null ? names : names.headSet(end, true)), end);
        }

        /// What follows from what the primaries say of the names for certain.
        VersionRound certain(List<VersionPage> pages, VersionsRequest request) {
            PageRequest names = request.page();
            List<VersionPage.Entry> entries = new ArrayList<>();
            String lastGroup = "";
            boolean passed = request.afterVersion().isEmpty();
            for (VersionPage.Entry entry : VersionRound.of(pages).entries) {
                String group = names.group(entry.name());
                if (group != null && !group.equals(lastGroup)) {
                    entries.add(VersionPage.Entry.group(group));
                    lastGroup = group;
                } else if (group == null && (passed || !entry.name().equals(names.after()))) {
                    entries.add(entry);
                }
                passed |= entry.versionId().equals(request.afterVersion());
            }
            return new VersionRound(entries, end == null ? null : behind(end, names));
        }

        private static End behind(String name, PageRequest names) {
            String group = names.group(name);
            return group == null ? new End(name, false, "") : new End(group, true, "");
        }
    }
}
