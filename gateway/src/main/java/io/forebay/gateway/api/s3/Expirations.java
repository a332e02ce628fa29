package io.forebay.gateway.api.s3;

import io.forebay.cluster.rule.LifecycleRules;
import io.forebay.cluster.rule.ReadOnce;
import io.forebay.cluster.rule.RuleDays;
import io.forebay.cluster.state.Bucket;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.gateway.core.Buckets;
import io.forebay.protocol.api.AttributeHeaders;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.HttpDate;
import io.forebay.protocol.http.PercentCode;
import java.util.Map;

/// Says in answers about objects when these end by the lifecycle of their buckets, and by which rule.
final class Expirations {
    private static final String HEADER = "x-amz-expiration";
    /// From when on, in milliseconds since the epoch, a date has no form in HTTP.
    private static final long YEAR_10000 = 253_402_300_800_000L;

    private final Buckets buckets;
    private final ReadOnce<LifecycleRules> rules = new ReadOnce<>(LifecycleRules::parse);

    Expirations(Buckets buckets) {
        this.buckets = buckets;
    }

    /// Adds the header to the answer to a call about one object, if that object ends.
    ///
    /// @param node what the node says of the object
    void addTo(S3Call call, Headers node, Headers answer) {
        Bucket bucket = buckets.find(call.bucket());
        String text = bucket == null ? null : bucket.properties().get(LifecycleRules.PROPERTY);
        if (text == null) {
            return;
        }
        LifecycleRules lifecycle = rules.of(text);
        Map<String, String> tags = lifecycle.lookAtTags()
                ? ObjectAccess.of(AttributeHeaders.readSystem(node)).tags()
                : Map.of();
        LifecycleRules.End end = lifecycle.endOf(
                call.address().key(),
                Long.parseLong(node.find(NodeHeaders.SIZE, "0")),
                tags,
                Long.parseLong(node.find(NodeHeaders.MODIFIED, "0")),
                RuleDays.WHOLE);
        if (end != null && end.millis() < YEAR_10000) {
            answer.add(
                    HEADER,
                    "expiry-date=\"" + HttpDate.format(end.millis()) + "\", rule-id=\""
                            + PercentCode.encode(end.ruleId()) + "\"");
        }
    }
}
