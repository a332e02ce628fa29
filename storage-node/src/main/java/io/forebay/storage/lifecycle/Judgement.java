package io.forebay.storage.lifecycle;

import io.forebay.cluster.rule.LifecycleRule;
import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.RuleDays;
import io.forebay.protocol.http.Query;
import io.forebay.storage.metadata.ObjectRecord;
import io.forebay.storage.object.VersionScan.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Says what of an object has to end by now.
final class Judgement {
    /// The attribute of an object that has its tags, as `key=value&...`, percent-encoded.
    private static final String TAGS = "x-amz-tagging";

    private final LifecycleRules rules;
    private final RuleDays days;
    private final long nowMillis;
    private final boolean looksAtTags;

    Judgement(LifecycleRules rules, RuleDays days, long nowMillis) {
        this.rules = rules;
        this.days = days;
        this.nowMillis = nowMillis;
        this.looksAtTags = rules.lookAtTags();
    }

    /// The versions that have to end. A delete marker that is the newest one never does while there are others.
    ///
    /// @param versions of the object, the newest first; in a bucket without versions it is the only one
    List<Version> ending(String name, List<Version> versions) {
        List<Version> ending = new ArrayList<>();
        for (int index = 0; index < versions.size(); index++) {
            Long end = index == 0
                    ? endOfLatest(name, versions.getFirst().record(), versions.size() == 1)
                    : endOfPast(name, versions, index);
            if (end != null && end <= nowMillis) {
                ending.add(versions.get(index));
            }
        }
        return ending;
    }

    private @Nullable Long endOfLatest(String name, ObjectRecord record, boolean isAll) {
        if (record.isDeleteMarker()) {
            return isAll ? rules.endOfMarker(name, record.modifiedMillis(), days) : null;
        }
        LifecycleRules.End end = rules.endOf(name, record.size(), tags(record), record.modifiedMillis(), days);
        return end == null ? null : Long.valueOf(end.millis());
    }

    private @Nullable Long endOfPast(String name, List<Version> versions, int index) {
        ObjectRecord record = versions.get(index).record();
        return rules.endOfNoncurrent(
                name,
                new LifecycleRule.Past(
                        record.size(),
                        record.isDeleteMarker() ? null : tags(record),
                        versions.get(index - 1).record().modifiedMillis(),
                        index - 1),
                days);
    }

    private Map<String, String> tags(ObjectRecord record) {
        if (!looksAtTags) {
            return Map.of();
        }
        Map<String, String> tags = new HashMap<>();
        Query query = Query.parse(record.system().getOrDefault(TAGS, ""));
        for (int index = 0; index < query.count(); index++) {
            tags.put(query.name(index), query.value(index));
        }
        return tags;
    }
}
