package io.forebay.gateway.relay;

import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.batch.SentBytes;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The bytes of a batch from the node that makes it and, when that stops in the middle, from another that makes the
/// same ones: it is told how many were passed on, and their hash. For one thread at a time.
///
/// A node that failed is not asked again before another gave something: what no node can go on with breaks.
final class ResumedStream implements ByteSource {
    private final long length;
    private final Continuation continuation;
    private final LongAdder resumed;
    private final LongAdder broken;
    private final Set<NodeId> failed = new HashSet<>();
    private final XxHash64 hash = new XxHash64();
    private NodeId node;
    private PayloadSource source;
    private long passed;

    ResumedStream(Payload first, NodeId node, Continuation continuation, LongAdder resumed, LongAdder broken) {
        this.length = first.length();
        this.source = new PayloadSource(first);
        this.node = node;
        this.continuation = continuation;
        this.resumed = resumed;
        this.broken = broken;
    }

    /// Where the rest comes from.
    record Rest(NodeId node, Payload payload) {}

    /// Asks other nodes for the rest.
    @FunctionalInterface
    interface Continuation {
        /// Null when none has it.
        ///
        /// @param sent null for nothing
        /// @param left how many bytes it has; -1 when that is not known
        /// @param failed the nodes that are not asked; those that have it not either are added
        @Nullable
        Rest find(@Nullable SentBytes sent, long left, Set<NodeId> failed);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer next() {
        while (true) {
            try {
                ByteBuffer bytes = source.next();
                if (bytes != null) {
                    hash.update(bytes);
                    passed += bytes.remaining();
                    failed.clear();
                }
                return bytes;
            } catch (StoreException e) {
                goOn(e);
            }
        }
    }

    /// Throws the failure when no other node has the rest.
    private void goOn(StoreException failure) {
        failed.add(node);
        SentBytes sent = passed == 0 ? null : new SentBytes(passed, hash.value());
        Rest rest = failure.isOfLostNode() ? continuation.find(sent, length < 0 ? -1 : length - passed, failed) : null;
        if (rest == null) {
            broken.increment();
            throw failure;
        }
        resumed.increment();
        source.close();
        source = new PayloadSource(rest.payload);
        node = rest.node;
    }

    @Override
    public void close() {
        source.close();
    }
}
