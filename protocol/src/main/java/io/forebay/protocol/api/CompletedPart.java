package io.forebay.protocol.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/// A part as the message of `mpt-complete` names it: the value is an array of these.
///
/// @param etag as the client was told it, quotes optional; null or empty when it does not say
/// @param checksum `type=hex` as the client knows it, or null; only gateways send it
public record CompletedPart(
        @JsonProperty("part-number") int partNumber,
        @Nullable String etag,
        @Nullable String checksum) {}
