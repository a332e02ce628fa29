package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveFormat;

/// Archives in tar: what is wrong is refused with words, and what is read is read the same in each way.
public final class TarFuzzTarget {
    private TarFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedArchive.check(ArchiveFormat.TAR, input);
    }
}
