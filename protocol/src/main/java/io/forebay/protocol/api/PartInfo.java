package io.forebay.protocol.api;

import java.util.Map;

/// One uploaded part, as `GET /v1/objects/BUCKET/OBJECT?uploadId=ID` lists it (JSON array, by number).
///
/// @param number 1 to 10,000
/// @param size bytes
/// @param modifiedMillis when it was stored, in milliseconds since the epoch
/// @param etag hex MD5 without quotes
/// @param checksums stored checksums by wire name, in hex
public record PartInfo(int number, long size, long modifiedMillis, String etag, Map<String, String> checksums) {}
