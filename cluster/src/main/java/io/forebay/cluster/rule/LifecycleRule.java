package io.forebay.cluster.rule;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One rule of a bucket's lifecycle: what ends of the objects that it is for, and when.
///
/// @param id unique in its bucket
/// @param enabled whether it is followed
/// @param expiration when objects end, or null
/// @param noncurrent when versions end that are not the current ones of their objects, or null
/// @param abortDays after how many days an upload in parts ends that has not been completed, or null
public record LifecycleRule(
        String id,
        boolean enabled,
        RuleFilter filter,
        @Nullable Expiration expiration,
        @Nullable Noncurrent noncurrent,
        @Nullable Integer abortDays) {

    /// When objects end. One of the three is said.
    ///
    /// @param days after they were written, or null
    /// @param dateMillis from when on, in milliseconds since the epoch, or null
    /// @param markers whether a delete marker ends when it is all that is left of its object
    public record Expiration(
            @Nullable Integer days, @Nullable Long dateMillis, boolean markers) {
        private @Nullable Long of(long modifiedMillis, RuleDays counted) {
            return days == null ? dateMillis : Long.valueOf(counted.after(modifiedMillis, days));
        }
    }

    /// When versions end that are not current.
    ///
    /// @param days after a newer version took their place
    /// @param newer how many newer versions that are not current either are kept besides, or null for none
    public record Noncurrent(int days, @Nullable Integer newer) {}

    /// Whether objects of that name end by it at some time.
    boolean endsObjects() {
        return enabled && expiration != null && !expiration.markers;
    }

    /// When an object ends by it, in milliseconds since the epoch; null for never.
    ///
    /// @param tags of the object
    @Nullable
    Long endOf(String name, long size, Map<String, String> tags, long modifiedMillis, RuleDays days) {
        Expiration ends = expiration;
        if (ends == null || !endsObjects() || !filter.takes(name, size, tags)) {
            return null;
        }
        return ends.of(modifiedMillis, days);
    }

    /// Whether versions or delete markers of that name end by it at some time.
    boolean endsVersions() {
        return enabled && (expiration != null || noncurrent != null);
    }

    /// When a delete marker ends by it that is all that is left of its object; null for never.
    @Nullable
    Long endOfMarker(String name, long modifiedMillis, RuleDays days) {
        Expiration ends = expiration;
        if (!enabled || ends == null || !filter.takesMarkers(name)) {
            return null;
        }
        return ends.markers ? Long.valueOf(modifiedMillis) : ends.of(modifiedMillis, days);
    }

    /// When a version ends by it that is not the current one of its object, if it ends.
    @Nullable
    Long endOfNoncurrent(String name, Past version, RuleDays days) {
        Noncurrent ends = noncurrent;
        boolean takes =
                version.tags == null ? filter.takesMarkers(name) : filter.takes(name, version.size, version.tags);
        if (!enabled || ends == null || !takes || (ends.newer != null && version.newer < ends.newer)) {
            return null;
        }
        return days.after(version.sinceMillis, ends.days);
    }

    /// A version that is not the current one of its object.
    ///
    /// @param tags of it, or null for a delete marker
    /// @param sinceMillis when a newer version took its place, in milliseconds since the epoch
    /// @param newer how many newer versions there are that are not current either
    public record Past(long size, @Nullable Map<String, String> tags, long sinceMillis, int newer) {}

    /// When an upload of that name ends by it if it is not completed; null for never.
    @Nullable
    Long endOfUpload(String name, long createdMillis, RuleDays days) {
        Integer after = abortDays;
        return enabled && after != null && name.startsWith(filter.prefix()) ? days.after(createdMillis, after) : null;
    }
}
