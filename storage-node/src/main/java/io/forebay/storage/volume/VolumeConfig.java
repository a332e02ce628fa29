package io.forebay.storage.volume;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Ratio;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;

/// Settings of every volume of a storage node.
public record VolumeConfig(
        @Setting("Objects up to this size share segment files; larger ones have files of their own.") @Default("128KiB")
        DataSize smallObject,

        @Setting("Most that a segment file takes before the next one begins. On a volume with few objects they are"
                + " smaller, down to a sixteenth, so that those that are full in part take little space.")
        @Default("64MiB")
        DataSize segment,

        @Setting("Segment files written with zeros beforehand or kept for reuse, so that appending to them changes no"
                + " file system metadata.")
        @Default("2")
        int spareSegments,

        @Setting("Share of the needed bytes in segments that spare segments may amount to; one is always allowed.")
        @Default("10%")
        Ratio spareShare,

        @Setting("Most bytes that one group of small writes has before its sync.") @Default("4MiB")
        DataSize group,

        @Setting("Groups of writes that may be on their way to the disk together.") @Default("2")
        int groupsInFlight,

        @Setting("Full segment files that may wait for their sync while writes without durability go on, or as many"
                + " bytes in smaller ones; what asks for durability first brings them to the disk. With 0 each is"
                + " synced before the next begins.")
        @Default("8")
        int unsyncedSegments,

        @Setting("Most bytes of small objects in memory on their way to the disk; further writers wait.")
        @Default("64MiB")
        DataSize writeMemory,

        @Setting(
                "Segments and files of large objects kept open for readers; each takes about 2 KiB of memory, most of it"
                        + " the kernel's.")
        @Default("16384")
        int openFiles,

        @Setting(
                "Share of the files that the system lets the process open (`ulimit -Hn`) which those of all its volumes"
                        + " may take up; beyond it they are closed as beyond open-files.")
        @Default("60%")
        Ratio openFilesShare,

        @Setting("Large files synced at the same time.") @Default("16")
        int concurrentSyncs,

        @Setting("Share of the disk that is left free: below it (or the fixed size, whichever is less) writes are"
                + " refused.")
        @Default("2%")
        Ratio reserve,

        @Setting("The most that the reserve amounts to on a large disk.") @Default("1GiB")
        DataSize reserveLimit) {
    /// So many segments at least a volume has of which none is of full size.
    private static final int SEGMENTS = 32;

    private static final int LEAST_SHARE = 16;
    private static final long LEAST_SEGMENT_BYTES = 1 << 20;
    private static final int LEAST_OBJECTS = 8;

    public VolumeConfig {
        Check.argument(
                segment.bytes() >= 1 << 16 && segment.bytes() <= 1 << 30,
                "segment must be 64KiB to 1GiB, not %s",
                segment);
        Check.argument(
                LEAST_OBJECTS * smallObject.bytes() <= segment.bytes(),
                "small-object must be at most an eighth of segment (%s), not %s",
                segment,
                smallObject);
        Check.argument(
                groupsInFlight >= 1 && groupsInFlight <= 8, "groups-in-flight must be 1 to 8, not %s", groupsInFlight);
        Check.argument(
                unsyncedSegments >= 0 && unsyncedSegments <= 64,
                "unsynced-segments must be 0 to 64, not %s",
                unsyncedSegments);
        Check.argument(openFiles >= 16, "open-files must be at least 16, not %s", openFiles);
        Check.argument(openFilesShare.value() > 0, "open-files-share must be above 0");
        Check.argument(concurrentSyncs >= 1, "concurrent-syncs must be at least 1, not %s", concurrentSyncs);
        Check.argument(
                writeMemory.bytes() >= 8 * smallObject.bytes(),
                "write-memory must be at least 8 small objects, not %s",
                writeMemory);
    }

    /// The most that a segment file takes, in whole pages.
    long segmentBytes() {
        return segment.bytes() & -LogFrame.PAGE_BYTES;
    }

    /// What the next segment file of a volume takes that has so many bytes in segments that are needed, in whole pages:
    /// the active one and the spares are part of what the volume takes on the disk beyond what it needs.
    long segmentBytes(long neededBytes) {
        long largest = segmentBytes();
        long wanted = Long.highestOneBit(Math.max(1, neededBytes / SEGMENTS));
        long useful = Math.max(LEAST_SEGMENT_BYTES, LEAST_OBJECTS * smallObject.bytes());
        long least = Math.min(largest, Math.max(useful, largest / LEAST_SHARE));
        return Math.clamp(wanted, least, largest) & -LogFrame.PAGE_BYTES;
    }
}
