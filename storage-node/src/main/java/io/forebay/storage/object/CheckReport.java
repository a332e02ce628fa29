package io.forebay.storage.object;

import java.util.List;

/// What a check of a volume found.
///
/// @param format of the volume
/// @param records whole records of the log
/// @param objects in the index, the log behind it included
/// @param verifiedBytes of objects and parts that were read and compared with their checksums
/// @param findings the first of them
/// @param damages how many findings are damage, those that are not listed included
/// @param leftovers how many are leftovers
public record CheckReport(
        String volume,
        int format,
        int segments,
        long records,
        long objects,
        long uploads,
        long parts,
        long verifiedBytes,
        List<VolumeFinding> findings,
        long damages,
        long leftovers) {}
