package io.forebay.gateway.relay;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks several nodes the same question at once, each on a virtual thread of its own.
public final class Fanout {
    private Fanout() {}

    /// What became of asking one node.
    ///
    /// @param answer null when it failed
    record Outcome<T>(
            Node node, @Nullable T answer, @Nullable StoreException failure) {
        T value() {
            return Objects.requireNonNull(answer, "the node failed");
        }
    }

    /// The answers in the nodes' order. A single node is asked on the calling thread. Throws the first
    /// failure after all have ended.
    public static <T> List<T> ask(List<Node> nodes, Function<Node, T> question) {
        List<T> answers = new ArrayList<>(nodes.size());
        for (Outcome<T> outcome : outcomes(nodes, question)) {
            StoreException failure = outcome.failure();
            if (failure != null) {
                throw failure;
            }
            answers.add(outcome.value());
        }
        return answers;
    }

    /// As `ask`, with the failures in their places.
    static <T> List<Outcome<T>> outcomes(List<Node> nodes, Function<Node, T> question) {
        if (nodes.size() == 1) {
            return List.of(outcome(nodes.getFirst(), question));
        }
        List<Future<Outcome<T>>> futures = new ArrayList<>(nodes.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Node node : nodes) {
                futures.add(threads.submit(() -> outcome(node, question)));
            }
        }
        List<Outcome<T>> outcomes = new ArrayList<>(nodes.size());
        for (Future<Outcome<T>> future : futures) {
            outcomes.add(outcome(future));
        }
        return outcomes;
    }

    private static <T> Outcome<T> outcome(Node node, Function<Node, T> question) {
        try {
            return new Outcome<>(node, question.apply(node), null);
        } catch (StoreException e) {
            return new Outcome<>(node, null, e);
        }
    }

    private static <T> Outcome<T> outcome(Future<Outcome<T>> future) {
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
