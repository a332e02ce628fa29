package io.forebay.protocol.api.cluster;

import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.bucket.BucketReference;
import io.forebay.protocol.api.control.Rebalance;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One node's part in a job, as AIStore's clients see it (`core/xaction_wire.go`).
public final class JobSnapshot {
    /// The kind of the job that moves objects to where an epoch places them.
    public static final String REBALANCE = "rebalance";

    private static final String NO_TIME = "0001-01-01T00:00:00Z";
    private static final BucketReference NO_BUCKET = new BucketReference("", "", new BucketReference.Space("", ""));

    private JobSnapshot() {}

    /// The id of the rebalance of an epoch: `g` and its number, as AIStore's rebalances have it.
    public static String rebalanceId(long epoch) {
        return "g" + epoch;
    }

    /// What a node tells of its moving of objects. Bytes that are left are in `ctlmsg`.
    ///
    /// @param bucket of a job of one bucket
    /// @param ended whether its part is over, whatever the node tells
    public static Map<String, Object> json(
            String id, String kind, @Nullable BucketName bucket, Rebalance progress, boolean ended) {
        boolean over = ended || progress.done();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("ext", null);
        json.put("start-time", time(progress.startedMillis()));
        json.put("end-time", over ? time(Math.max(1, progress.endedMillis())) : NO_TIME);
        json.put("bck", bucket == null ? NO_BUCKET : BucketReference.of(bucket));
        json.put("src-bck", NO_BUCKET);
        json.put("dst-bck", NO_BUCKET);
        json.put("id", id);
        json.put("kind", kind);
        if (!over && progress.bytesLeft() > 0) {
            json.put("ctlmsg", "about " + progress.bytesLeft() + " bytes left");
        }
        json.put("abort-err", "");
        json.put("err", "");
        json.put("glob.id", "0");
        json.put("stats", stats(progress));
        json.put("aborted", false);
        json.put("is_idle", false);
        return json;
    }

    private static Map<String, Object> stats(Rebalance progress) {
        Map<String, Object> stats = new LinkedHashMap<>();
        stats.put("loc-objs", Long.toString(progress.objects()));
        stats.put("loc-bytes", Long.toString(progress.bytesDone()));
        stats.put("out-objs", Long.toString(progress.objectsGiven()));
        stats.put("out-bytes", Long.toString(progress.bytesGiven()));
        stats.put("in-objs", Long.toString(progress.objects() - progress.objectsGiven()));
        stats.put("in-bytes", Long.toString(progress.bytesDone() - progress.bytesGiven()));
        return stats;
    }

    /// RFC 3339; 0 is AIStore's zero time.
    private static String time(long millis) {
        return millis == 0 ? NO_TIME : Instant.ofEpochMilli(millis).toString();
    }
}
