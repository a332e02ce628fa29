package io.forebay.protocol.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks a storage node for some objects' entries as reads would find them: their newest values, which every
/// holder has by the time of the answer.
///
/// Sent as JSON in the body of `GET /v1/buckets/BUCKET?what=entries`. The answer is a `Page` with an entry a
/// name, in the order of the names; of one that has no object, that it was removed.
///
/// @param names of objects of which the node is the primary, at most 10,000
/// @param attributes whether entries carry more than name and size
public record EntriesRequest(List<String> names, boolean attributes) {
    /// A list that a message leaves out is empty.
    public EntriesRequest(@Nullable List<String> names, boolean attributes) {
        this.names = names == null ? List.of() : List.copyOf(names);
        this.attributes = attributes;
    }
}
