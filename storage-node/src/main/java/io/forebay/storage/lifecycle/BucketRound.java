package io.forebay.storage.lifecycle;

import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleDays;
import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.http.Query;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.HeldScan;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Pace;
import io.forebay.storage.object.Upload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One look at what this node has of a bucket. Nothing is kept open while something is removed.
final class BucketRound {
    private static final int TOGETHER = 1000;
    /// The attribute of an object that has its tags, as `key=value&...`, percent-encoded.
    private static final String TAGS = "x-amz-tagging";
    /// When an upload whose id only one request ever had is one that a crash has left.
    private static final long LEFT_MILLIS = Duration.ofDays(1).toMillis();

    private final Bucket bucket;
    private final @Nullable LifecycleRules rules;
    private final ObjectStore store;
    private final RuleDays days;
    private final long nowMillis;
    private final Endings endings;
    private final Pace pace;

    /// @param rules of the bucket, or null for none
    BucketRound(Bucket bucket, @Nullable LifecycleRules rules, Lifecycle.Parts parts, Endings endings, Pace pace) {
        this.bucket = bucket;
        this.rules = rules;
        this.store = parts.store();
        this.days = parts.config().days();
        this.nowMillis = parts.clock().millis();
        this.endings = endings;
        this.pace = pace;
    }

    /// Removes the objects that have to end. False when the node stops.
    boolean endObjects() {
        if (rules == null) {
            return true;
        }
        boolean looksAtTags = rules.lookAtTags();
        for (String prefix : rules.prefixes()) {
            Batch batch = new Batch(prefix, new ArrayList<>(), 0, true);
            while (batch.more) {
                batch = batch(rules, prefix, batch.next, looksAtTags);
                endings.lookedAt(batch.count);
                for (Ending ending : batch.endings) {
                    endings.remove(bucket, ending.name(), ending.record());
                }
                if (!pace.spent(batch.count)) {
                    return false;
                }
            }
        }
        return true;
    }

    private record Ending(String name, ObjectRecord record) {}

    /// What was seen of some keys.
    ///
    /// @param next the name from which on others follow
    private record Batch(String next, List<Ending> endings, int count, boolean more) {}

    private Batch batch(LifecycleRules lifecycle, String prefix, String from, boolean looksAtTags) {
        List<Ending> found = new ArrayList<>();
        int count = 0;
        try (HeldScan scan = store.holdings().scanServing(bucket.id())) {
            scan.seek(from);
            while (scan.next()) {
                if (!scan.name().startsWith(prefix)) {
                    return new Batch("", found, count, false);
                }
                if (count == TOGETHER) {
                    return new Batch(scan.name(), found, count, true);
                }
                count++;
                ObjectRecord record = scan.held().record();
                if (record != null && ends(lifecycle, scan.name(), record, looksAtTags)) {
                    found.add(new Ending(scan.name(), record));
                }
            }
            return new Batch("", found, count, false);
        }
    }

    private boolean ends(LifecycleRules lifecycle, String name, ObjectRecord record, boolean looksAtTags) {
        Map<String, String> tags = looksAtTags ? tags(record) : Map.of();
        LifecycleRules.End end = lifecycle.endOf(name, record.size(), tags, record.modifiedMillis(), days);
        return end != null && end.millis() <= nowMillis;
    }

    private static Map<String, String> tags(ObjectRecord record) {
        Map<String, String> tags = new HashMap<>();
        Query query = Query.parse(record.system().getOrDefault(TAGS, ""));
        for (int index = 0; index < query.count(); index++) {
            tags.put(query.name(index), query.value(index));
        }
        return tags;
    }

    /// Drops the uploads that have to end, and those that a crash has left. False when the node stops.
    boolean endUploads() {
        String name = "";
        String id = "";
        List<Upload> uploads;
        do {
            uploads = store.listUploads(bucket.id(), name, id, TOGETHER);
            for (Upload upload : uploads) {
                if (ends(upload)) {
                    endings.abort(bucket, upload);
                }
                name = upload.name();
                id = upload.id();
            }
            endings.lookedAt(uploads.size());
            if (!pace.spent(uploads.size())) {
                return false;
            }
        } while (uploads.size() == TOGETHER);
        return true;
    }

    private boolean ends(Upload upload) {
        if (upload.kind() != Upload.Kind.MULTIPART) {
            return upload.note().equals(Upload.OF_ONE_REQUEST) && upload.createdMillis() + LEFT_MILLIS <= nowMillis;
        }
        Long end = rules == null ? null : rules.endOfUpload(upload.name(), upload.createdMillis(), days);
        return end != null && end <= nowMillis;
    }
}
