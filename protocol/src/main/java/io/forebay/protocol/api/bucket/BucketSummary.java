package io.forebay.protocol.api.bucket;

import io.forebay.common.model.BucketName;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts and sizes of a bucket's objects.
///
/// @param totalBytes of all objects
/// @param minBytes of the smallest object, 0 when there is none
/// @param diskBytes the capacity of all volumes of the cluster, 0 when unknown
public record BucketSummary(
        BucketName bucket, long objects, long totalBytes, long minBytes, long maxBytes, long diskBytes) {

    public static BucketSummary empty(BucketName bucket) {
        return new BucketSummary(bucket, 0, 0, 0, 0, 0);
    }

    /// With one more object.
    public BucketSummary plus(long bytes) {
        return new BucketSummary(
                bucket,
                objects + 1,
                totalBytes + bytes,
                objects == 0 ? bytes : Math.min(minBytes, bytes),
                Math.max(maxBytes, bytes),
                diskBytes);
    }

    public BucketSummary onDisks(long bytes) {
        return new BucketSummary(bucket, objects, totalBytes, minBytes, maxBytes, bytes);
    }

    /// AIStore's result element (`apc/bsummary.go`).
    public Map<String, Object> json() {
        BucketReference reference = BucketReference.of(bucket);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", bucket.name());
        json.put("provider", bucket.provider().wireName());
        json.put("namespace", reference.namespace());
        json.put("ObjCount", Map.of("obj_count_present", Long.toString(objects), "obj_count_remote", "0"));
        json.put(
                "ObjSize",
                Map.of(
                        "obj_min_size", minBytes,
                        "obj_avg_size", objects == 0 ? 0 : totalBytes / objects,
                        "obj_max_size", maxBytes));
        json.put(
                "TotalSize",
                Map.of(
                        "size_on_disk", Long.toString(totalBytes),
                        "size_all_present_objs", Long.toString(totalBytes),
                        "size_all_remote_objs", "0",
                        "total_disks_size", Long.toString(diskBytes)));
        json.put("used_pct", diskBytes == 0 ? 0 : totalBytes * 100 / diskBytes);
        json.put("is_present", true);
        return json;
    }
}
