package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.protocol.api.bucket.BucketReference;
import org.jspecify.annotations.Nullable;

/// Which jobs a query means, QueryMsg and JobArgs (`xact/api_name.go`). Every part may be missing.
public record JobQuery(
        @JsonProperty("show_active") @Nullable Boolean onlyActive,
        @JsonProperty("bck") @Nullable BucketReference bucket,
        @Nullable String id,
        @Nullable String kind,
        @Nullable String node) {

    public String idText() {
        return id == null ? "" : id;
    }

    public String kindText() {
        return kind == null ? "" : kind;
    }
}
