package io.forebay.storage.object;

/// How the scrub of one volume stands.
///
/// @param running whether a pass is under way
/// @param verifiedBytes in this pass, or the last one
/// @param totalBytes what a pass has to read, about
/// @param startedMillis when the pass began, in milliseconds since the epoch
/// @param finishedMillis when the last full pass ended; 0 for never
/// @param damaged how many damaged objects are known
public record ScrubStatus(
        String volume,
        boolean running,
        long verifiedBytes,
        long totalBytes,
        long startedMillis,
        long finishedMillis,
        long damaged) {}
