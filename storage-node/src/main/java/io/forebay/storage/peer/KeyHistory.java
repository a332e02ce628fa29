package io.forebay.storage.peer;

import io.forebay.common.model.NodeId;
import io.forebay.storage.metadata.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where one key belongs under a cluster state, and where epochs that are not settled may have left values of
/// it.
///
/// @param epoch the one that serves
/// @param holders of the key under it, the primary first
/// @param since the number of the first epoch since which it has had these holders
/// @param isWhole whether it has had them for as long as the state remembers: then nobody else can have a value
/// @param earlier the holders before, newest epoch first
public record KeyHistory(long epoch, List<NodeId> holders, long since, boolean isWhole, List<Step> earlier) {
    public KeyHistory {
        holders = List.copyOf(holders);
        earlier = List.copyOf(earlier);
    }

    /// The key's holders under epochs before it had its present ones.
    ///
    /// @param epoch the newest of them
    /// @param nodes that may have a value of then
    /// @param sure those that all have it, if there is one
    public record Step(long epoch, List<NodeId> nodes, List<NodeId> sure) {
        public Step {
            nodes = List.copyOf(nodes);
            sure = List.copyOf(sure);
        }
    }

    /// The holders beside the primary.
    List<NodeId> replicas() {
        return holders.subList(1, holders.size());
    }

    /// Whether what the primary has of the key is the newest there is, whoever else may have something.
    ///
    /// @param local the stamp of what it has, null for nothing
    /// @param complete the epoch under which it has everything of its keys
    public boolean isDecidedBy(@Nullable Stamp local, long complete) {
        return isWhole || complete >= epoch || (local != null && local.epoch() >= since);
    }
}
