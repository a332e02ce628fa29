package io.forebay.cluster.raft;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// How Ratis is set up: small logs, few megabytes of memory, and for a group of one an election at once.
final class RaftTuning {
    /// The largest command in encoded form; Ratis's buffers are sized by it.
    static final int MAX_COMMAND_BYTES = 1 << 20;

    private static final SizeInBytes ENTRY = SizeInBytes.valueOf(MAX_COMMAND_BYTES + (16 << 10));
    private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf(MAX_COMMAND_BYTES + (32 << 10));

    /// A start reads whole segments, so they are small: one holds some 15,000 bucket commands.
    private static final SizeInBytes SEGMENT = SizeInBytes.valueOf("2MB");

    private static final SizeInBytes PREALLOCATED = SizeInBytes.valueOf("256KB");
    private static final SizeInBytes CACHE = SizeInBytes.valueOf("8MB");

    private RaftTuning() {}

    /// For a group that has this node only and never had another.
    static RaftProperties alone(Path log, int snapshotEvery) {
        RaftProperties properties = common(log, snapshotEvery);
        RaftConfigKeys.Rpc.setType(properties, new NoPeers());
        // Nobody else can lead, so waiting for a leader's heartbeat only costs time.
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, millis(1));
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, millis(2));
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(50));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(100));
        RaftServerConfigKeys.LeaderElection.setPreVote(properties, false);
        // A pause of the process endangers no group of one.
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(
                properties, TimeDuration.valueOf(1, TimeUnit.DAYS));
        return properties;
    }

    /// For a member among others, which talk to it on that port.
    static RaftProperties member(Path log, int snapshotEvery, int port) {
        RaftProperties properties = common(log, snapshotEvery);
        GrpcConfigKeys.Server.setPort(properties, port);
        RaftServerConfigKeys.Rpc.setTimeoutMin(properties, millis(300));
        RaftServerConfigKeys.Rpc.setTimeoutMax(properties, millis(600));
        return properties;
    }

    private static RaftProperties common(Path log, int snapshotEvery) {
        RaftProperties properties = new RaftProperties();
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
        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, snapshotEvery);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
        // By default a process that slept for a minute would shut its log down for good.
        RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(365, TimeUnit.DAYS));
        RaftServerConfigKeys.setSleepDeviationThreshold(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
        return properties;
    }

    private static TimeDuration millis(int millis) {
        return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
    }
}
