package io.forebay.storage.archive;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.transform.archive.model.ArchiveLimits;

/// Settings of reading archives.
public record ArchiveConfig(
        @Setting("What of one archive is read at most.") ArchiveLimits limits,

        @Setting("Archives whose members are found at once while they arrive; those of others are found when one is"
                + " asked for.")
        @Default("32")
        int maxArriving,

        @Setting("Members that one request may select by their names.") @Default("100000")
        int maxSelected,

        @Setting("Size of an encrypted archive whose members can be read: it is decrypted into memory for that.")
        @Default("256MiB")
        DataSize maxDecrypted,

        @Setting("Size from which on a tar or zip is extended where it is, so that a member costs no more than its own"
                + " size; smaller ones, and other formats, are written anew.")
        @Default("256KiB")
        DataSize minInPlace,

        @Setting("Pieces that an archive has at most from being extended where it is; then it is written anew, as one.")
        @Default("1000")
        int maxPieces,

        @Setting("Memory for the tables of the indexes of archives that were read lately: with its table there, a"
                + " member costs one read of its index.")
        @Default("32MiB")
        DataSize tableMemory) {
    public ArchiveConfig {
        Check.argument(maxArriving >= 0, "max-arriving must not be below 0: %s", maxArriving);
        Check.argument(maxSelected >= 1, "max-selected must be at least 1, not %s", maxSelected);
        Check.argument(maxPieces >= 1, "max-pieces must be at least 1, not %s", maxPieces);
        Check.argument(
                maxDecrypted.bytes() <= Integer.MAX_VALUE / 2,
                "max-decrypted must be at most 1GiB, not %s",
                maxDecrypted);
    }
}
