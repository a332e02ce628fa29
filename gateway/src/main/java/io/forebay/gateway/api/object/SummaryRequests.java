package io.forebay.gateway.api.object;

import io.forebay.cluster.state.Bucket;
import io.forebay.gateway.core.Summaries;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.api.JsonReply;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.api.bucket.BucketSummary;
import io.forebay.protocol.api.bucket.SummaryMessage;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// AIStore's two forms of asking for bucket summaries: begin with `202` and an id, then ask again with it until
/// `200`.
final class SummaryRequests {
    private final Summaries summaries;
    private final SessionIds ids;

    SummaryRequests(Summaries summaries, SessionIds ids) {
        this.summaries = summaries;
        this.ids = ids;
    }

    /// The GET form: the id is the body of the first answer, a list that of the last.
    Reply ask(List<Bucket> buckets, ActionMessage message) {
        SummaryMessage asked = message.value(SummaryMessage.class);
        String uuid = asked.uuid() == null ? "" : asked.uuid();
        if (uuid.isEmpty()) {
            return Reply.text(202, start(buckets, asked.prefix()));
        }
        List<BucketSummary> found = summaries.find(uuid);
        if (found == null) {
            return JsonReply.of(202, List.of());
        }
        List<Map<String, Object>> elements =
                found.stream().map(BucketSummary::json).toList();
        return JsonReply.of(elements);
    }

    /// The HEAD form: id and summary are headers.
    Reply head(Bucket bucket, String prefix, String uuid) {
        Headers headers = BucketFace.propertyHeaders(bucket);
        if (uuid.isEmpty()) {
            headers.add(AisHeaders.JOB_ID, start(List.of(bucket), prefix));
            return new Reply(202, headers, Payload.none());
        }
        headers.add(AisHeaders.JOB_ID, uuid);
        List<BucketSummary> found = summaries.find(uuid);
        if (found == null) {
            return new Reply(202, headers, Payload.none());
        }
        if (!found.isEmpty()) {
            headers.add(
                    AisHeaders.BUCKET_SUMMARY,
                    WireJson.writeAscii(found.getFirst().json()));
        }
        return new Reply(200, headers, Payload.none());
    }

    private String start(List<Bucket> buckets, @Nullable String prefix) {
        String id = ids.next();
        String trimmed = prefix == null ? "" : prefix;
        summaries.start(id, buckets, trimmed.endsWith("*") ? trimmed.substring(0, trimmed.length() - 1) : trimmed);
        return id;
    }
}
