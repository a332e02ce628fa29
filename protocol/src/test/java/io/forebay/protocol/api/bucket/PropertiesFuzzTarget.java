package io.forebay.protocol.api.bucket;

import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.ActionMessage;
import io.forebay.protocol.api.FuzzedMessage;
import io.forebay.protocol.api.WireJson;
import java.util.LinkedHashMap;
import java.util.Map;

/// Trees of bucket properties that are set: what is kept of one is kept of it again, and can be told.
public final class PropertiesFuzzTarget {
    private static final BucketName BUCKET = BucketName.of("bucket");

    private PropertiesFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Map<String, String> kept = FuzzedMessage.read(
                () -> BucketProperties.changes(ActionMessage.parse(input).valueMap()));
        if (kept == null) {
            return;
        }
        Map<String, Object> given = new LinkedHashMap<>(kept);
        FuzzedMessage.same(kept, FuzzedMessage.required(() -> BucketProperties.changes(given)));
        Map<?, ?> told = FuzzedMessage.required(
                () -> WireJson.read(WireJson.write(BucketProperties.json(BUCKET, 1, 1, kept)), Map.class));
        FuzzedMessage.same(WireJson.writeAscii(told), WireJson.writeAscii(BucketProperties.json(BUCKET, 1, 1, kept)));
        kept.forEach((name, value) -> {
            Map<String, Object> leaf = Map.of(name, BucketProperties.json(name, value));
            FuzzedMessage.required(() -> BucketProperties.changes(leaf));
        });
    }
}
