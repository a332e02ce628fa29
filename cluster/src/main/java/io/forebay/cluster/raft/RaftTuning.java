package io.forebay.cluster.raft;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// How Ratis is set up: small logs, few megabytes of memory, and the same for one member as for many.
final class RaftTuning {
    /// The largest command in encoded form; Ratis's buffers are sized by it.
    static final int MAX_COMMAND_BYTES = 1 << 20;

    private static final SizeInBytes ENTRY = SizeInBytes.valueOf(MAX_COMMAND_BYTES + (16 << 10));
    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf(MAX_COMMAND_BYTES + (32 << 10));
    private static final SizeInBytes SNAPSHOT_CHUNK = SizeInBytes.valueOf("1MB");

    /// The largest message between members: a full buffer of entries, or a piece of a snapshot, and their
    /// heads.
    static final int MAX_MESSAGE_BYTES = WRITE_BUFFER.getSizeInt() + (96 << 10);

    /// A start reads whole segments, so they are small: one holds some 15,000 bucket commands.
    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("2MB");

    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf("256KB");
    private static final SizeInBytes CACHE = SizeInBytes.valueOf("8MB");
    private static final int ELECTION_MIN_MILLIS = 300;
    private static final int ELECTION_MAX_MILLIS = 600;

    private RaftTuning() {}

    /// @param alone whether the log says that this node is the only member: nobody else can lead then, so
    ///     waiting for a leader's heartbeat only costs time
    static RaftProperties of(Path log, RaftConfig config, boolean alone) {
        RaftProperties properties = new RaftProperties();
        RaftConfigKeys.Rpc.setType(properties, new HttpRpcType());
        elections(properties, alone);
        log(properties, log);
        snapshots(properties, config.snapshotEvery());
        RaftServerConfigKeys.setStagingTimeout(
                properties, TimeDuration.valueOf(config.patience().toMillis() / 2, TimeUnit.MILLISECONDS));
        // By default a process that slept for a minute would shut its log down for good.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
        return properties;
    }

    private static void elections(RaftProperties properties, boolean alone) {
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(ELECTION_MIN_MILLIS));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(ELECTION_MAX_MILLIS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(alone ? 1 : ELECTION_MIN_MILLIS));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(alone ? 2 : ELECTION_MAX_MILLIS));
        // A vote before the vote: who was cut off does not end a leadership when it comes back.
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
        // For so long does a leader that lost its majority leave it to others to lead. By default ten seconds.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, TimeDuration.valueOf(2, TimeUnit.SECONDS));
        RaftServerConfigKeys.Rpc.setSleepTime(properties, millis(50));
    }

    private static void log(RaftProperties properties, Path log) {
        RaftServerConfigKeys.setStorageDir(properties, List.of(log.toFile()));
        RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SEGMENT);
        RaftServerConfigKeys.Log.setPreallocatedSize(properties, PREALLOCATED);
        RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, ENTRY);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, CACHE);
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
        // Entries that only tell the commit index would double the syncs; a leader finds it by leading.
        RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
        RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    }

    private static void snapshots(RaftProperties properties, int every) {
        RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(properties, SNAPSHOT_CHUNK);
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, every);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
