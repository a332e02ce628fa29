package io.forebay.protocol.api.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a batch, in front of its archive (AIStore `api/apc/ml.go`).
///
/// @param uuid names the batch
/// @param entries in the order of the request
public record BatchResult(String uuid, @JsonProperty("out") List<Entry> entries) {
    public BatchResult {
        entries = List.copyOf(entries);
    }

    /// What became of one entry.
    ///
    /// @param member null for an object itself
    /// @param error why it is missing, or null
    /// @param opaque as the request had it, or null
    /// @param size in bytes; 0 for what is missing
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Entry(
            @JsonProperty("objname") String name,
            @JsonProperty("archpath") @Nullable String member,
            String bucket,
            String provider,
            @JsonProperty("err_msg") @Nullable String error,
            @Nullable String opaque,
            long size) {}
}
