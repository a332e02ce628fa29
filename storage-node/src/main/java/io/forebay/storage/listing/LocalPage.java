package io.forebay.storage.listing;

import io.forebay.common.error.Check;
import io.forebay.common.model.Checksum;
import io.forebay.common.model.ChecksumType;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Scan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Reads one page from a cursor over a bucket.
///
/// Visits as many index entries as the page has, plus one, and those that the node has for others: names
/// outside the prefix are never met, and a group that the delimiter rolls up is passed over by one seek,
/// however many names it has.
public final class LocalPage {
    public static final int MAX_LIMIT = 10_000;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final PageRequest request;
    private final Scan scan;
    private final Predicate<String> listed;
    private final List<Page.Entry> entries = new ArrayList<>();

    private LocalPage(PageRequest request, Scan scan, Predicate<String> listed) {
        this.request = request;
        this.scan = scan;
        this.listed = listed;
    }

    /// Reads the page; the cursor stays the caller's. Throws INVALID_ARGUMENT when the limit is out of
    /// bounds.
    ///
    /// @param listed which names this node is to list: another one does the rest
    public static Page read(PageRequest request, Scan scan, Predicate<String> listed) {
        checkLimit(request);
        return new LocalPage(request, scan, listed).read();
    }

    static void checkLimit(PageRequest request) {
        int limit = request.limit();
        Check.argument(limit >= 1 && limit <= MAX_LIMIT, "page limit %s is not from 1 to %s", limit, MAX_LIMIT);
    }

    private Page read() {
        seekToStart();
        while (scan.next()) {
            String name = scan.name();
            if (!name.startsWith(request.prefix())) {
                return new Page(entries, false);
            }
            if (name.equals(request.after()) || !listed.test(name)) {
                continue;
            }
            if (entries.size() == request.limit()) {
                return new Page(entries, true);
            }
            add(name);
        }
        return new Page(entries, false);
    }

    private void seekToStart() {
        String prefix = request.prefix();
        String after = request.after();
        if (Utf8Order.compare(after, prefix) <= 0) {
            scan.seek(prefix);
        } else if (request.past()) {
            scan.seekPast(after);
        } else {
            scan.seek(after);
        }
    }

    private void add(String name) {
        String group = request.group(name);
        if (group == null) {
            entries.add(entry(name, scan.record(), request.attributes()));
        } else {
            entries.add(Page.Entry.group(group));
            scan.seekPast(group);
        }
    }

    /// What a page tells of an object.
    public static Page.Entry entry(String name, ObjectRecord record, boolean attributes) {
        if (!attributes) {
            return new Page.Entry(name, false, record.contentSize(), 0, 0, 0, "", Map.of(), "", Map.of());
        }
        List<Checksum> checksums = checksums(record);
        return new Page.Entry(
                name,
                false,
                record.contentSize(),
                record.modifiedMillis(),
                record.modifiedMillis() * NANOS_PER_MILLI,
                record.version(),
                record.etag(),
                byWireName(checksums),
                composite(record, checksums),
                record.custom());
    }

    /// What an entry says as `compositeChecksum`.
    static String composite(ObjectRecord record, List<Checksum> checksums) {
        String composite = record.compositeChecksum();
        if (composite != null) {
            return composite;
        }
        boolean usual = !checksums.isEmpty();
        for (Checksum checksum : checksums) {
            usual &= checksum.type() == ChecksumType.XXHASH64 || checksum.type() == ChecksumType.MD5;
        }
        return usual ? record.system().getOrDefault(ChecksumType.ATTRIBUTE, "") : "";
    }

    /// The checksums of an object's content; none of a sealed one, whose own are those of its ciphertext.
    static List<Checksum> checksums(ObjectRecord record) {
        return record.isSealed() ? List.of() : record.checksums();
    }

    private static Map<String, String> byWireName(List<Checksum> checksums) {
        Map<String, String> byName = new TreeMap<>();
        for (Checksum checksum : checksums) {
            byName.put(checksum.type().wireName(), checksum.hex());
        }
        return byName;
    }
}
