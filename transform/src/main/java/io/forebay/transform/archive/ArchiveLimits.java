package io.forebay.transform.archive;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// What of an archive is read at most: whoever wrote it may have meant harm.
public record ArchiveLimits(
        @Setting("Members of one archive; one with more is refused.") @Default("4000000")
        int maxMembers,

        @Setting("Length of a member's name in bytes of UTF-8; an archive with a longer one is refused.")
        @Default("4096")
        int maxNameBytes,

        @Setting("Memory for the names of one archive's members while they are found; an archive that needs more is"
                + " refused.")
        @Default("256MiB")
        DataSize maxNames,

        @Setting("Bytes that are decompressed of one archive to find its members; one with more is refused.")
        @Default("64GiB")
        DataSize maxExpanded) {
    public ArchiveLimits {
        Check.argument(maxMembers >= 1, "max-members must be at least 1, not %s", maxMembers);
        Check.argument(
                maxNameBytes >= 100 && maxNameBytes <= 64 << 10,
                "max-name-bytes must be 100 to 65536, not %s",
                maxNameBytes);
        Check.argument(
                maxNames.bytes() >= 1 << 10 && maxNames.bytes() <= 1 << 30,
                "max-names must be 1KiB to 1GiB, not %s",
                maxNames);
    }
}
