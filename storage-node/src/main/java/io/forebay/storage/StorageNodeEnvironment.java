package io.forebay.storage;

import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.watch.Lease;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.config.Secret;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.seal.MasterKeys;
import io.forebay.common.time.Ticker;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.storage.http.NetworkDoor;
import io.forebay.storage.object.VolumeFolders;
import java.time.InstantSource;

/// What the process gives to a storage node.
///
/// @param id the node's, the same for as long as its folders are
/// @param volumes where they are: the node's list of them, and folders that are to be volumes
/// @param watch the cluster state; founded before the node starts
/// @param lease until when the node may serve what it owns
/// @param channel to the other storage nodes of the cluster; its calls have deadlines
/// @param secret of the cluster: callers that have it are gateways
/// @param masterKeys by which the keys of encrypted objects are encrypted, the same at every node
/// @param access what other callers may do at the node's own port
/// @param version of Forebay, as `software_version` tells it
/// @param process that the node runs in
public record StorageNodeEnvironment(
        NodeId id,
        VolumeFolders volumes,
        StateWatch watch,
        Lease lease,
        NodeChannel channel,
        Secret secret,
        MasterKeys masterKeys,
        NetworkDoor.Access access,
        Metrics metrics,
        InstantSource clock,
        Ticker ticker,
        String version,
        RunningProcess process) {}
