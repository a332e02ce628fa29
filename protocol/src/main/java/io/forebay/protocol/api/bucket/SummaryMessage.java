package io.forebay.protocol.api.bucket;

import org.jspecify.annotations.Nullable;

/// AIStore's request for a bucket summary (`apc/bsummary.go`).
public record SummaryMessage(
        @Nullable String uuid, @Nullable String prefix, boolean cached, boolean present) {}
