package io.forebay.gateway.relay;

import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Asks several nodes the same question at once, each on a virtual thread of its own.
public final class Fanout {
    private Fanout() {}

    /// The answers in the nodes' order. A single node is asked on the calling thread. Throws the first failure
    /// after all have ended.
    public static <T> List<T> ask(List<Node> nodes, Function<Node, T> question) {
        if (nodes.size() == 1) {
            return List.of(question.apply(nodes.getFirst()));
        }
        List<Future<T>> futures = new ArrayList<>(nodes.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Node node : nodes) {
                futures.add(threads.submit(() -> question.apply(node)));
            }
        }
        List<T> answers = new ArrayList<>(nodes.size());
        for (Future<T> future : futures) {
            answers.add(answer(future));
        }
        return answers;
    }

    private static <T> T answer(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted while asking storage nodes", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw new StoreException(ErrorCode.INTERNAL, "asking a storage node failed", e.getCause());
        }
    }
}
