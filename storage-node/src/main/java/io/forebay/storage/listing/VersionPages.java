package io.forebay.storage.listing;

import io.forebay.common.model.Checksum;
import io.forebay.common.model.VersionId;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.VersionPage;
import io.forebay.protocol.api.VersionsRequest;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.VersionScan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Reads one page of the versions of a bucket's objects. A group that the delimiter rolls up is passed over by one
/// seek, however many names and versions it has.
public final class VersionPages {
    private final VersionsRequest request;
    private final PageRequest names;
    private final VersionScan scan;
    private final Predicate<String> listed;
    private final List<VersionPage.Entry> entries = new ArrayList<>();

    private VersionPages(VersionsRequest request, VersionScan scan, Predicate<String> listed) {
        this.request = request;
        this.names = request.page();
        this.scan = scan;
        this.listed = listed;
    }

    /// Reads the page; the cursor stays the caller's. Throws INVALID_ARGUMENT when the limit is out of bounds.
    ///
    /// @param listed which names this node is to list: another one does the rest
    public static VersionPage read(VersionsRequest request, VersionScan scan, Predicate<String> listed) {
        LocalPage.checkLimit(request.page());
        return new VersionPages(request, scan, listed).read();
    }

    /// Reads the names alone, not rolled up, as entries without more.
    public static VersionPage readNames(VersionsRequest request, VersionScan scan, Predicate<String> told) {
        LocalPage.checkLimit(request.page());
        return new VersionPages(request, scan, told).readNames();
    }

    private VersionPage read() {
        seekToStart();
        while (scan.next()) {
            String name = scan.name();
            if (!name.startsWith(names.prefix())) {
                break;
            }
            boolean begun = name.equals(names.after());
            if ((begun && request.afterVersion().isEmpty()) || !listed.test(name)) {
                continue;
            }
            String group = names.group(name);
            if (entries.size() == names.limit()) {
                return new VersionPage(entries, true);
            }
            if (group != null) {
                entries.add(VersionPage.Entry.group(group));
                scan.seekPast(group);
            } else if (!add(name, begun ? request.afterVersion() : "")) {
                return new VersionPage(entries, true);
            }
        }
        return new VersionPage(entries, false);
    }

    private VersionPage readNames() {
        seekToStart();
        while (scan.next() && scan.name().startsWith(names.prefix())) {
            String name = scan.name();
            boolean begun = name.equals(names.after()) && request.afterVersion().isEmpty();
            if (!begun && listed.test(name)) {
                if (entries.size() == names.limit()) {
                    return new VersionPage(entries, true);
                }
                entries.add(name(name));
            }
        }
        return new VersionPage(entries, false);
    }

    private static VersionPage.Entry name(String name) {
        return new VersionPage.Entry(name, false, "", false, false, 0, 0, "", List.of(), "");
    }

    private void seekToStart() {
        if (Utf8Order.compare(names.after(), names.prefix()) <= 0
                && request.afterVersion().isEmpty()) {
            scan.seek(names.prefix());
        } else if (names.past()) {
            scan.seekPast(names.after());
        } else {
            scan.seek(names.after());
        }
    }

    /// Adds the versions of a name behind one of them. False when there is no room for all.
    private boolean add(String name, String after) {
        for (VersionPage.Entry entry : behind(entries(name, scan.versions()), after)) {
            if (entries.size() == names.limit()) {
                return false;
            }
            entries.add(entry);
        }
        return true;
    }

    /// Ids of one object ascend from the newest to the oldest, but for `null`.
    private static List<VersionPage.Entry> behind(List<VersionPage.Entry> versions, String after) {
        if (after.isEmpty()) {
            return versions;
        }
        int at = 0;
        while (at < versions.size() && !versions.get(at).versionId().equals(after)) {
            at++;
        }
        if (at < versions.size()) {
            return versions.subList(at + 1, versions.size());
        }
        at = 0;
        while (at < versions.size() && isNewer(versions.get(at).versionId(), after)) {
            at++;
        }
        return versions.subList(at, versions.size());
    }

    private static boolean isNewer(String id, String other) {
        return !id.equals(VersionId.NULL) && id.compareTo(other) < 0;
    }

    /// What a page tells of an object's versions.
    public static List<VersionPage.Entry> entries(String name, List<VersionScan.Version> versions) {
        List<VersionPage.Entry> entries = new ArrayList<>(versions.size());
        for (VersionScan.Version version : versions) {
            ObjectRecord record = version.record();
            List<Checksum> checksums = LocalPage.checksums(record);
            entries.add(new VersionPage.Entry(
                    name,
                    false,
                    version.id(),
                    version.latest(),
                    record.isDeleteMarker(),
                    record.contentSize(),
                    record.modifiedMillis(),
                    record.etag(),
                    checksums.stream()
                            .map(Checksum::type)
                            .map(type -> type.wireName())
                            .toList(),
                    LocalPage.composite(record, checksums)));
        }
        return entries;
    }
}
