package io.forebay.storage.batch;

import io.forebay.protocol.http.Payload;

/// Gives a batch its items: from this node, or from whichever has them now.
public interface ItemReader {
    /// An item that was opened.
    ///
    /// @param payload its bytes, of a known length; the receiver closes it
    /// @param identity the same for the same bytes
    record Opened(Payload payload, String identity) {}

    /// Whether this node has the item itself: then it costs no waiting for others.
    boolean isHere(BatchItem item);

    /// Opens an item. Throws NO_SUCH_OBJECT, NO_SUCH_SAMPLE, NO_SUCH_BUCKET, RANGE_NOT_SATISFIABLE, and what
    /// reading an object throws; NOT_OWNER, STALE_MAP or NODE_UNAVAILABLE when asking again may help.
    Opened open(BatchItem item);

    /// Waits a moment for the cluster to change.
    void awaitChange();
}
