package io.forebay.cluster.rule;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which objects a rule is for: those of which all holds that it says.
///
/// @param plain whether it was said in S3's first form, in which a rule has a prefix and no filter
/// @param prefix what the object's name begins with
/// @param tags that the object has, by key
/// @param largerThan so many bytes the object has more than, or null
/// @param smallerThan so many bytes the object has less than, or null
public record RuleFilter(
        boolean plain,
        String prefix,
        Map<String, String> tags,
        @Nullable Long largerThan,
        @Nullable Long smallerThan) {
    public RuleFilter {
        tags = new TreeMap<>(tags);
    }

    /// Whether a rule with this filter is for an object.
    ///
    /// @param present the object's tags
    public boolean takes(String name, long size, Map<String, String> present) {
        return name.startsWith(prefix)
                && (largerThan == null || size > largerThan)
                && (smallerThan == null || size < smallerThan)
                && present.entrySet().containsAll(tags.entrySet());
    }

    /// Whether a rule with this filter is for a delete marker, which has no tags and no size.
    boolean takesMarkers(String name) {
        return name.startsWith(prefix) && tags.isEmpty() && !limitsSizes();
    }

    /// Whether sizes matter.
    public boolean limitsSizes() {
        return largerThan != null || smallerThan != null;
    }
}
