package io.forebay.storage.lifecycle;

import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleDays;
import io.forebay.cluster.state.Bucket;
import io.forebay.common.model.Versioning;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.Pace;
import io.forebay.storage.object.Upload;
import io.forebay.storage.object.VersionScan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One look at what this node has of a bucket. Nothing is kept open while something is removed.
final class BucketRound {
    private static final int TOGETHER = 1000;
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

    /// Removes the objects, and versions of them, that have to end. False when the node stops.
    boolean endObjects() {
        if (rules == null) {
            return true;
        }
        Judgement judgement = new Judgement(rules, days, nowMillis);
        for (String prefix : rules.prefixes(bucket.versioning() != Versioning.OFF)) {
            Batch batch = new Batch(prefix, List.of(), 0, true);
            while (batch.more) {
                batch = batch(judgement, prefix, batch.next);
                endings.lookedAt(batch.count);
                for (String name : batch.ending) {
                    endings.end(bucket, name, judgement);
                }
                if (!pace.spent(batch.count)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// What was seen of some objects.
    ///
    /// @param next the name from which on others follow
    /// @param ending the names of those of which something has to end
    /// @param count of them and of their versions
    private record Batch(String next, List<String> ending, int count, boolean more) {}

    private Batch batch(Judgement judgement, String prefix, String from) {
        List<String> ending = new ArrayList<>();
        int count = 0;
        try (VersionScan scan = store.scanVersions(bucket.id())) {
            scan.seek(from);
            while (scan.next() && scan.name().startsWith(prefix)) {
                if (count >= TOGETHER) {
                    return new Batch(scan.name(), ending, count, true);
                }
                List<VersionScan.Version> versions = scan.versions();
                count += versions.size();
                if (!judgement.ending(scan.name(), versions).isEmpty()) {
                    ending.add(scan.name());
                }
            }
            return new Batch("", ending, count, false);
        }
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
