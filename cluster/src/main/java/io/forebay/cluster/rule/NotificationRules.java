package io.forebay.cluster.rule;

import io.forebay.cluster.state.Bucket;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The notifications of a bucket: rules by which changes of its objects are told.
public record NotificationRules(List<NotificationRule> rules) {
    /// The bucket's property that has them, as a JSON array.
    public static final String PROPERTY = Bucket.S3 + "notification";

    public NotificationRules {
        rules = List.copyOf(rules);
    }

    /// Reads what `text` wrote. Throws INVALID_ARGUMENT when it is something else.
    public static NotificationRules parse(String text) {
        return new NotificationRules(WireJson.readList(text.getBytes(StandardCharsets.UTF_8), NotificationRule.class));
    }

    /// The text to keep; empty for no rules.
    public String text() {
        return rules.isEmpty() ? "" : new String(WireJson.write(rules), StandardCharsets.UTF_8);
    }

    /// The rules by which a change of an object is told.
    public List<NotificationRule> of(ChangeEvent event, String name) {
        return rules.stream().filter(rule -> rule.tells(event, name)).toList();
    }
}
