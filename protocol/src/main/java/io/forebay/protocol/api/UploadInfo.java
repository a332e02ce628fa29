package io.forebay.protocol.api;

import java.util.Map;
import java.util.Objects;

/// One multipart upload in progress, as `GET /v1/buckets/BUCKET?what=uploads` lists it (JSON array, by name then id).
///
/// @param name the object name
/// @param id the upload id, at least 9 letters and digits
/// @param createdMillis when it was begun, in milliseconds since the epoch
/// @param checksum `algorithm:FULL_OBJECT|COMPOSITE`, or empty
/// @param system HTTP attributes of the object to be; absent in JSON, none
public record UploadInfo(String name, String id, long createdMillis, String checksum, Map<String, String> system) {
    public UploadInfo {
        system = Map.copyOf(Objects.requireNonNullElse(system, Map.of()));
    }
}
