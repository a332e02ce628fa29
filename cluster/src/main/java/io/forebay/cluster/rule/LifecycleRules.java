package io.forebay.cluster.rule;

import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The lifecycle of a bucket: rules by which its objects and uploads end.
public record LifecycleRules(List<LifecycleRule> rules) {
    /// The bucket's property that has them, as a JSON array.
    public static final String PROPERTY = Bucket.S3 + "lifecycle";

    public LifecycleRules {
        rules = List.copyOf(rules);
    }

    /// Reads what `text` wrote. Throws INVALID_ARGUMENT when it is something else.
    public static LifecycleRules parse(String text) {
        return new LifecycleRules(WireJson.readList(text.getBytes(StandardCharsets.UTF_8), LifecycleRule.class));
    }

    /// The text to keep.
    public String text() {
        return new String(WireJson.write(rules), StandardCharsets.UTF_8);
    }

    /// When an object ends, and by which rule.
    ///
    /// @param millis since the epoch
    public record End(String ruleId, long millis) {}

    /// When an object ends: the soonest that a rule says; null for never.
    ///
    /// @param tags of the object
    public @Nullable End endOf(String name, long size, Map<String, String> tags, long modifiedMillis, RuleDays days) {
        End soonest = null;
        for (LifecycleRule rule : rules) {
            Long millis = rule.endOf(name, size, tags, modifiedMillis, days);
            if (millis != null && (soonest == null || millis < soonest.millis)) {
                soonest = new End(rule.id(), millis);
            }
        }
        return soonest;
    }

    /// When an upload in parts ends that was not completed; null for never.
    public @Nullable Long endOfUpload(String name, long createdMillis, RuleDays days) {
        return soonest(rule -> rule.endOfUpload(name, createdMillis, days));
    }

    /// When a delete marker ends that is all that is left of its object; null for never.
    public @Nullable Long endOfMarker(String name, long modifiedMillis, RuleDays days) {
        return soonest(rule -> rule.endOfMarker(name, modifiedMillis, days));
    }

    /// When a version ends that is not the current one of its object; null for never.
    public @Nullable Long endOfNoncurrent(String name, LifecycleRule.Past version, RuleDays days) {
        return soonest(rule -> rule.endOfNoncurrent(name, version, days));
    }

    private @Nullable Long soonest(Function<LifecycleRule, @Nullable Long> end) {
        Long soonest = null;
        for (LifecycleRule rule : rules) {
            Long millis = end.apply(rule);
            if (millis != null && (soonest == null || millis < soonest)) {
                soonest = millis;
            }
        }
        return soonest;
    }

    /// What the names of objects begin with that may end, so that no others need be looked at. None begins with
    /// another one of them.
    ///
    /// @param versions whether objects have versions, which may end too
    public List<String> prefixes(boolean versions) {
        List<String> prefixes = new ArrayList<>();
        rules.stream()
                .filter(versions ? LifecycleRule::endsVersions : LifecycleRule::endsObjects)
                .map(rule -> rule.filter().prefix())
                .sorted()
                .forEach(prefix -> {
                    if (prefixes.isEmpty() || !prefix.startsWith(prefixes.getLast())) {
                        prefixes.add(prefix);
                    }
                });
        return prefixes;
    }

    /// Whether it has to be known which tags an object has.
    public boolean lookAtTags() {
        return rules.stream()
                .anyMatch(rule -> rule.endsVersions() && !rule.filter().tags().isEmpty());
    }
}
