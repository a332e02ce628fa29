package io.forebay.transform.archive.model;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// What an archive may ask of those who read it. One that asks for more is refused with words.
public record ArchiveLimits(
        @Setting("Members that one archive may have.") @Default("10000000")
        long maxMembers,

        @Setting("Longest name of a member in an archive.") @Default("4KiB")
        DataSize maxName,

        @Setting("Largest extended header of one member: long names, PAX records, maps of sparse files.")
        @Default("1MiB")
        DataSize maxHeader,

        @Setting("Bytes that all of one archive may be when it is unpacked.") @Default("16TiB")
        DataSize maxUnpacked,

        @Setting("How many times its own size an archive may be when it is unpacked.") @Default("250")
        int maxExpansion,

        @Setting("Bytes to which every archive may unpack, however small it is.") @Default("256MiB")
        DataSize freeExpansion,

        @Setting("Memory in which the index of one archive is built; one that needs more has no index.")
        @Default("64MiB")
        DataSize indexMemory) {
    private static final int MAX_BYTES = 1 << 30;

    public ArchiveLimits {
        Check.argument(maxMembers > 0, "max-members is at least 1");
        Check.argument(
                maxName.bytes() > 0 && maxName.bytes() <= 1 << 16, "max-name lies between 1B and 64KiB: %s", maxName);
        Check.argument(
                maxHeader.bytes() > 0 && maxHeader.bytes() <= MAX_BYTES,
                "max-header lies between 1B and 1GiB: %s",
                maxHeader);
        Check.argument(maxExpansion > 0, "max-expansion is at least 1");
        Check.argument(
                indexMemory.bytes() > 0 && indexMemory.bytes() <= MAX_BYTES,
                "index-memory lies between 1B and 1GiB: %s",
                indexMemory);
    }
}
