package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveFormat;

/// Archives in tar and LZ4: what is wrong is refused with words, and what is read is read the same in each
/// way.
public final class TarLz4FuzzTarget {
    private TarLz4FuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedArchive.check(ArchiveFormat.TAR_LZ4, input);
    }
}
