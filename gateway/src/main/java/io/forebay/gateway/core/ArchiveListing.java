package io.forebay.gateway.core;

import io.forebay.gateway.listing.NameOrder;
import io.forebay.protocol.api.MembersPage;
import io.forebay.protocol.api.MembersRequest;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.transform.archive.model.ArchiveFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page of objects and of what is in those of them that are archives: a member is listed as if it were an
/// object `ARCHIVE/MEMBER`, in UTF-8 byte order of the names, and so are prefixes, delimiters and beginnings.
/// Nothing is kept between pages: which archives are open where one begins is seen from its name. For one
/// page, on one thread.
///
/// An object whose name says that it is an archive and which is none is listed as what it is, and so is one
/// that is over a limit of archives. Of an object and a member with the same name the object is listed.
final class ArchiveListing {
    private static final int FIRST_OBJECTS = 64;
    private static final int MORE_OBJECTS = 1_000;

    private final PageRequest request;
    private final boolean groups;
    private final Function<PageRequest, Page> objects;
    private final MemberPages members;
    private final PriorityQueue<Run> runs = new PriorityQueue<>(
            Comparator.<Run, String>comparing(run -> run.head().name(), NameOrder.INSTANCE)
                    .thenComparing(run -> run instanceof MemberRun));
    private final List<Listed> listed = new ArrayList<>();

    /// Where the members of archives come from.
    @FunctionalInterface
    interface MemberPages {
        /// A page of the members of an object; null when there is no such object, or it is no archive.
        @Nullable
        MembersPage page(String archive, MembersRequest request);
    }

    /// @param groups whether rolled-up groups are listed
    ArchiveListing(PageRequest request, boolean groups, Function<PageRequest, Page> objects, MemberPages members) {
        this.request = request;
        this.groups = groups;
        this.objects = objects;
        this.members = members;
    }

    /// The entries; fewer than the limit only at the end.
    List<Listed> page() {
        add(new ObjectRun());
        for (String archive : openAtTheBeginning()) {
            open(archive);
        }
        while (!runs.isEmpty() && listed.size() < request.limit()) {
            Run run = runs.remove();
            Page.Entry entry = run.take();
            boolean first = listed.isEmpty() || !listed.getLast().entry().name().equals(entry.name());
            if (first && (groups || !entry.group())) {
                listed.add(new Listed(entry, kind(run, entry)));
            }
            add(run);
        }
        return listed;
    }

    private Listed.Kind kind(Run run, Page.Entry entry) {
        if (run instanceof MemberRun) {
            return entry.group() ? Listed.Kind.PLAIN : Listed.Kind.MEMBER;
        }
        boolean named = !entry.group() && ArchiveFormat.ofName(entry.name()) != null;
        return named && open(entry.name()) ? Listed.Kind.ARCHIVE : Listed.Kind.PLAIN;
    }

    private void add(Run run) {
        if (run.fill()) {
            runs.add(run);
        }
    }

    /// Whether it is an archive.
    private boolean open(String archive) {
        String inside = archive + "/";
        String prefix = request.prefix();
        if (!prefix.startsWith(inside) && !inside.startsWith(prefix)) {
            return false;
        }
        MemberRun run = new MemberRun(inside);
        add(run);
        return run.isArchive;
    }

    /// Archives whose own names are before the page, or outside the prefix, and some of whose members may be
    /// in it.
    private Set<String> openAtTheBeginning() {
        Set<String> open = new LinkedHashSet<>();
        for (String archive : archivesIn(request.after())) {
            if (archive.startsWith(request.prefix())) {
                open.add(archive);
            }
        }
        for (String archive : archivesIn(request.prefix())) {
            if (request.prefix().startsWith(archive + "/")) {
                open.add(archive);
            }
        }
        return open;
    }

    /// The beginnings of a name that are names of archives.
    private static List<String> archivesIn(String name) {
        List<String> found = new ArrayList<>();
        for (int end = 1; end <= name.length(); end++) {
            String beginning = name.substring(0, end);
            if (ArchiveFormat.ofName(beginning) != null) {
                found.add(beginning);
            }
        }
        return found;
    }

    /// Entries in their order, fetched page by page.
    private abstract static class Run {
        private final Deque<Page.Entry> entries = new ArrayDeque<>();
        private boolean ended;

        Page.Entry head() {
            return entries.getFirst();
        }

        Page.Entry take() {
            return entries.removeFirst();
        }

        /// Whether there is a head.
        boolean fill() {
            while (entries.isEmpty() && !ended) {
                Page page = next();
                entries.addAll(page.entries());
                ended = !page.truncated();
            }
            return !entries.isEmpty();
        }

        abstract Page next();
    }

    private final class ObjectRun extends Run {
        private PageRequest upcoming = request.from(request.after(), request.past(), FIRST_OBJECTS);

        @Override
        Page next() {
            Page page = objects.apply(upcoming);
            if (page.truncated()) {
                Page.Entry last = page.entries().getLast();
                upcoming = upcoming.from(last.name(), last.group(), MORE_OBJECTS);
            }
            return page;
        }
    }

    private final class MemberRun extends Run {
        /// Behind every name of a group: no character is above it.
        private static final String END = "\uDBFF\uDFFF";

        private final String inside;
        private final String prefix;
        private String after;
        private boolean isArchive;

        MemberRun(String inside) {
            this.inside = inside;
            this.prefix = request.prefix().startsWith(inside) ? request.prefix().substring(inside.length()) : "";
            this.after = beginning();
        }

        private String beginning() {
            if (request.after().startsWith(inside)) {
                return request.after().substring(inside.length()) + (request.past() ? END : "");
            }
            return NameOrder.compare(request.after(), inside) < 0 ? "" : END;
        }

        @Override
        Page next() {
            int missing = Math.max(1, request.limit() - listed.size());
            MembersPage page =
                    members.page(inside.substring(0, inside.length() - 1), new MembersRequest(prefix, after, missing));
            if (page == null) {
                return Page.EMPTY;
            }
            isArchive = true;
            List<Page.Entry> found = new ArrayList<>();
            for (MembersPage.Member member : page.members()) {
                after = member.name();
                String name = inside + member.name();
                String group = request.group(name);
                if (group == null) {
                    found.add(new Page.Entry(name, false, member.size(), 0, 0, 0, "", Map.of(), "", Map.of()));
                } else if (found.isEmpty() || !found.getLast().name().equals(group)) {
                    found.add(Page.Entry.group(group));
                }
            }
            if (!found.isEmpty() && found.getLast().group()) {
                String group = found.getLast().name();
                after = (group.length() <= inside.length() ? "" : group.substring(inside.length())) + END;
            }
            return new Page(found, page.truncated());
        }
    }
}
