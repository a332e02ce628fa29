package io.forebay.storage.batch;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.http.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives a batch its items: from this node, or from whichever has them now.
public interface ItemReader {
    /// An item that was opened.
    ///
    /// @param payload its bytes, of a known length; the receiver closes it
    /// @param identity the same for the same bytes
    record Opened(Payload payload, String identity) {}

    /// The node that has an item by now; null when it is this one, or nobody for certain.
    @Nullable
    NodeId otherOwner(BatchItem item);

    /// Opens an item. Throws NO_SUCH_OBJECT, NO_SUCH_SAMPLE, NO_SUCH_BUCKET, RANGE_NOT_SATISFIABLE, and what
    /// reading an object throws; NOT_OWNER, STALE_MAP or NODE_UNAVAILABLE when asking again may help.
    Opened open(BatchItem item);

    /// Asks another node for items of its own: their `ItemFrames`, which the receiver closes. Throws
    /// NODE_UNAVAILABLE and what else asking throws.
    Payload openAll(NodeId owner, List<BatchItem> items);

    /// Waits a moment for the cluster to change.
    void awaitChange();
}
