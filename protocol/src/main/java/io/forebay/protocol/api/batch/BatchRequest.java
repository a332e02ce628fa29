package io.forebay.protocol.api.batch;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.common.error.Check;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks for many objects, or members of archives, as one archive (AIStore `api/apc/ml.go`): JSON in the body
/// of `GET /v1/ml/moss[/BUCKET]`.
///
/// @param mime the format of the archive, by an extension or a media type; empty for tar
/// @param entries what is wanted, in the order of the answer
/// @param continuesOnError whether what is missing leaves an empty place instead of failing the batch
/// @param onlyObjectNames whether the names in the archive are without the bucket's
/// @param streams whether the archive comes as it is made; else behind what became of each entry
public record BatchRequest(
        String mime,
        @JsonProperty("in") List<BatchEntry> entries,
        @JsonProperty("coer") boolean continuesOnError,
        @JsonProperty("onob") boolean onlyObjectNames,
        @JsonProperty("strm") boolean streams) {
    /// The word behind `ml` in the path.
    public static final String PATH = "moss";

    /// What stands in front of the name of an entry that is missing.
    public static final String MISSING = "__404__/";

    /// What a message leaves out is empty. Throws INVALID_ARGUMENT when it asks for nothing.
    public BatchRequest(
            @Nullable String mime,
            @JsonProperty("in") @Nullable List<BatchEntry> entries,
            @JsonProperty("coer") boolean continuesOnError,
            @JsonProperty("onob") boolean onlyObjectNames,
            @JsonProperty("strm") boolean streams) {
        Check.argument(entries != null && !entries.isEmpty(), "a batch without entries (\"%s\" is empty)", "in");
        this.mime = mime == null ? "" : mime;
        this.entries = entries == null ? List.of() : List.copyOf(entries);
        this.continuesOnError = continuesOnError;
        this.onlyObjectNames = onlyObjectNames;
        this.streams = streams;
    }
}
