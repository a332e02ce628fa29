package io.forebay.protocol.api;

/// How the background verification of one volume stands.
///
/// @param verifiedBytes in the pass under way, or the last one
/// @param totalBytes what a pass has to read, about
/// @param startedMillis when the pass began, in milliseconds since the epoch
/// @param finishedMillis when the last full pass ended; 0 for never
public record ScrubInfo(
        String volume, boolean running, long verifiedBytes, long totalBytes, long startedMillis, long finishedMillis) {}
