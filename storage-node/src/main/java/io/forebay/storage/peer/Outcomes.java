package io.forebay.storage.peer;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks several nodes the same at once, each on a virtual thread of its own, and keeps what each of them said
/// or failed with.
final class Outcomes {
    private Outcomes() {}

    /// What a node said, or why it did not.
    record Outcome<T>(
            NodeId node, @Nullable T result, @Nullable StoreException failure) {
        T value() {
            T value = result;
            if (value == null) {
                throw new IllegalStateException(node + " has not answered", failure);
            }
            return value;
        }
    }

    /// Returns when all have ended; in the nodes' order. A single node is asked on the calling thread.
    static <T> List<Outcome<T>> of(List<NodeId> nodes, Function<NodeId, T> question) {
        if (nodes.size() == 1) {
            return List.of(ask(nodes.getFirst(), question));
        }
        List<Future<Outcome<T>>> futures = new ArrayList<>(nodes.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (NodeId node : nodes) {
                futures.add(threads.submit(() -> ask(node, question)));
            }
        }
        List<Outcome<T>> outcomes = new ArrayList<>(nodes.size());
        for (Future<Outcome<T>> future : futures) {
            outcomes.add(ended(future));
        }
        return outcomes;
    }

    private static <T> Outcome<T> ask(NodeId node, Function<NodeId, T> question) {
        try {
            return new Outcome<>(node, question.apply(node), null);
        } catch (StoreException e) {
            return new Outcome<>(node, null, e);
        }
    }

    private static <T> Outcome<T> ended(Future<Outcome<T>> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while asking storage nodes", e);
        } catch (ExecutionException e) {
            throw new StoreException(ErrorCode.INTERNAL, "asking a storage node failed", e.getCause());
        }
    }
}
