package io.forebay.storage.object;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of an index that was rebuilt.
///
/// @param records of the log that it was made from
/// @param findings what was damaged and could not be taken in, and which objects have bytes there or are lost with it
/// @param damages how many objects and parts the new index knows as damaged
/// @param unknownDamage why it may lack some that the old one knew, so that the next start begins a scrub; null when it
///     lacks none
public record RebuildReport(
        String volume,
        long records,
        long objects,
        List<VolumeFinding> findings,
        int damages,
        @Nullable String unknownDamage) {}
