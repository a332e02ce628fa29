package io.forebay.transform.archive;

import io.forebay.transform.archive.model.ArchiveFormat;

/// Archives in tar and gzip: what is wrong is refused with words, and what is read is read the same in each
/// way.
public final class TgzFuzzTarget {
    private TgzFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedArchive.check(ArchiveFormat.TGZ, input);
    }
}
