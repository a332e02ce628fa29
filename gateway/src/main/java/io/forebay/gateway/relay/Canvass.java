package io.forebay.gateway.relay;

import io.forebay.cluster.placement.Placements;
import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.routing.Router;
import io.forebay.gateway.routing.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Asks all storage nodes that may hold objects of a bucket the same question, until their answers fit
/// together: given under the owners that this gateway knows. Otherwise what moves between two nodes could
/// be seen at neither.
///
/// Every owner has to answer. One that was an owner need not where others have copies of all that it has.
public final class Canvass {
    private final Router router;
    private final Duration patience;
    private final Ticker ticker;
    private final LongAdder repeated;
    private final LongAdder gaveUp;

    Canvass(Router router, Duration patience, Ticker ticker, LongAdder repeated, LongAdder gaveUp) {
        this.router = router;
        this.patience = patience;
        this.ticker = ticker;
        this.repeated = repeated;
        this.gaveUp = gaveUp;
    }

    /// What is asked of each node, on a thread of its own.
    @FunctionalInterface
    public interface Question<T> {
        Answer<T> ask(Node node, Snapshot snapshot);
    }

    /// What follows from what all say; more may be asked of them for it. When that fails as an answer of
    /// theirs may, all are asked again.
    @FunctionalInterface
    public interface Conclusion<T, R> {
        List<R> of(Snapshot snapshot, List<T> values);
    }

    /// What one node says.
    ///
    /// @param epochLabel of the owners under which it holds
    public record Answer<T>(String epochLabel, T value) {}

    /// What all say, under the same owners.
    public record Answers<T>(Snapshot snapshot, List<T> values) {}

    /// Asks under that snapshot, and under newer ones as long as need be and the patience lasts. Throws
    /// NO_SUCH_BUCKET; NODE_UNAVAILABLE when there is nobody to ask, or somebody whose answer is missing;
    /// and what else a node answers with.
    public <T> Answers<T> ask(Snapshot first, BucketName name, Question<T> question) {
        return ask(first, name, question, (snapshot, values) -> values);
    }

    /// As the other, and tells what follows from the answers.
    public <T, R> Answers<R> ask(Snapshot first, BucketName name, Question<T> question, Conclusion<T, R> conclusion) {
        Snapshot snapshot = first;
        Patience waits = new Patience(router, ticker, patience);
        while (true) {
            Bucket bucket = snapshot.require(name);
            if (snapshot.placements().serving().owners().isEmpty()) {
                throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for bucket " + name);
            }
            List<T> values = new ArrayList<>();
            StoreException obstacle = round(snapshot, bucket, question, values);
            if (obstacle == null) {
                try {
                    return new Answers<>(snapshot, conclusion.of(snapshot, values));
                } catch (StoreException e) {
                    obstacle = e;
                }
            }
            Snapshot next = mayPass(obstacle) ? waits.later(snapshot) : null;
            if (next == null) {
                gaveUp.increment();
                throw obstacle;
            }
            repeated.increment();
            snapshot = next;
        }
    }

    private static boolean mayPass(StoreException obstacle) {
        return switch (obstacle.code()) {
            case NODE_UNAVAILABLE, STALE_MAP, NOT_OWNER -> true;
            default -> false;
        };
    }

    /// Asks all once. Returns why the answers do not make a whole, null when they do.
    private static <T> @Nullable StoreException round(
            Snapshot snapshot, Bucket bucket, Question<T> question, List<T> values) {
        NodeId left = snapshot.placements().leftOwner();
        if (left != null) {
            // Those who have copies of its objects leave it to the primary to tell of them.
            return new StoreException(
                    ErrorCode.NODE_UNAVAILABLE,
                    "node " + left + " has left the cluster, and its objects of " + bucket.name()
                            + " have yet to be given to others");
        }
        List<Node> nodes = List.copyOf(snapshot.placements().members().values());
        Set<NodeId> silent = new HashSet<>();
        StoreException failure = null;
        StoreException stray = null;
        for (Fanout.Outcome<Answer<T>> outcome : Fanout.outcomes(nodes, node -> question.ask(node, snapshot))) {
            StoreException failed = outcome.failure();
            if (failed != null) {
                requireExcusable(failed);
                silent.add(outcome.node().id());
                failure = failure == null || !mayPass(failed) ? failed : failure;
            } else if (outcome.value().epochLabel().equals(snapshot.epochLabel())) {
                values.add(outcome.value().value());
            } else {
                stray = new StoreException(
                        ErrorCode.NODE_UNAVAILABLE,
                        "owners of " + bucket.name() + " are changing: node "
                                + outcome.node().id() + " answered under epoch "
                                + outcome.value().epochLabel() + ", and this gateway knows "
                                + snapshot.epochLabel());
            }
        }
        return failure != null && !isExcused(snapshot.placements(), bucket, silent) ? failure : stray;
    }

    /// What is wrong with the question, or with the program, is no node's silence.
    private static void requireExcusable(StoreException failed) {
        Fault fault = failed.code().fault();
        if (fault != Fault.ROUTING && fault != Fault.OVERLOAD && fault != Fault.STORAGE) {
            throw failed;
        }
    }

    private static boolean isExcused(Placements placements, Bucket bucket, Set<NodeId> silent) {
        boolean owns = silent.stream()
                .anyMatch(id -> placements.serving().owners().contains(id)
                        || placements.newest().owners().contains(id));
        return !owns && placements.covers(bucket, silent);
    }
}
