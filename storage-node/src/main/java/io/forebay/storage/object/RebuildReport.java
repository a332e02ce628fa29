package io.forebay.storage.object;

import java.util.List;

/// What became of an index that was rebuilt.
///
/// @param records of the log that it was made from
/// @param findings what was damaged and could not be taken in, and which objects have bytes there
public record RebuildReport(String volume, long records, long objects, List<VolumeFinding> findings) {}
