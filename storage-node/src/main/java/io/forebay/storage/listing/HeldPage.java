package io.forebay.storage.listing;

import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.metadata.Stamp;
import io.forebay.storage.object.Held;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.peer.Testimony.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Reads one page of all that this node has of a bucket, objects and tombstones, for whoever merges the
/// pages of several nodes: entries bear stamps but for those that are certain.
///
/// Names are not rolled up, as an object that makes a group may be gone by what another node has. But a
/// group in which an object is certain to be is one entry, and no more of it is read.
public final class HeldPage {
    private final PageRequest request;
    private final HeldScan scan;
    private final BiFunction<String, Stamp, Weight> weights;
    private final List<Page.Entry> entries = new ArrayList<>();
    private String group = "";
    private int groupStart;

    private HeldPage(PageRequest request, HeldScan scan, BiFunction<String, Stamp, Weight> weights) {
        this.request = request;
        this.scan = scan;
        this.weights = weights;
    }

    /// Reads the page; the cursor stays the caller's. Throws INVALID_ARGUMENT when the limit is out of
    /// bounds.
    public static Page read(PageRequest request, HeldScan scan, BiFunction<String, Stamp, Weight> weights) {
        LocalPage.checkLimit(request);
        return new HeldPage(request, scan, weights).read();
    }

    private Page read() {
        if (Utf8Order.compare(request.after(), request.prefix()) <= 0) {
            scan.seek(request.prefix());
        } else if (request.past()) {
            scan.seekPast(request.after());
        } else {
            scan.seek(request.after());
        }
        while (scan.next()) {
            String name = scan.name();
            if (!name.startsWith(request.prefix())) {
                return new Page(entries, false);
            }
            Held held = scan.held();
            Weight weight = name.equals(request.after()) ? Weight.NONE : weights.apply(name, held.stamp());
            if (weight == Weight.NONE) {
                continue;
            }
            String rolledUp = request.group(name);
            boolean isCertainGroup = rolledUp != null && weight == Weight.CERTAIN && held.record() != null;
            if (rolledUp != null && !rolledUp.equals(group)) {
                group = rolledUp;
                groupStart = entries.size();
            }
            if (isCertainGroup) {
                entries.subList(groupStart, entries.size()).clear();
            }
            if (entries.size() == request.limit()) {
                return new Page(entries, true);
            }
            if (isCertainGroup) {
                entries.add(Page.Entry.group(group));
                scan.seekPast(group);
            } else {
                entries.add(entry(name, held, weight));
            }
        }
        return new Page(entries, false);
    }

    private Page.Entry entry(String name, Held held, Weight weight) {
        Stamp stamp = weight == Weight.CERTAIN ? Stamp.NONE : held.stamp();
        ObjectRecord record = held.record();
        if (record == null) {
            return Page.Entry.removed(name, stamp.epoch(), stamp.version());
        }
        Page.Entry entry = LocalPage.entry(name, record, request.attributes());
        return weight == Weight.CERTAIN ? entry : entry.stamped(stamp.epoch(), stamp.version());
    }
}
