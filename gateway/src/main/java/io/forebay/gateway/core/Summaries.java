package io.forebay.gateway.core;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.protocol.api.Page;
import io.forebay.protocol.api.PageRequest;
import io.forebay.protocol.api.bucket.BucketSummary;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Counts and sizes of buckets, computed in the background by listing them: asked for once, then looked at by id.
public final class Summaries implements AutoCloseable {
    private static final int PAGE_ENTRIES = 10_000;

    private final Listings listings;
    private final Nodes nodes;
    private final Semaphore free;
    private final int kept;
    private final LongAdder refused;
    private final Map<String, Computation> computations = new LinkedHashMap<>();

    /// @param concurrent how many are computed at once; more are refused with BUSY and counted
    /// @param kept how many are remembered, the newest
    public Summaries(Listings listings, Nodes nodes, int concurrent, int kept, LongAdder refused) {
        this.listings = listings;
        this.nodes = nodes;
        this.free = new Semaphore(concurrent);
        this.kept = kept;
        this.refused = refused;
    }

    private record Computation(Thread thread, CompletableFuture<List<BucketSummary>> result) {}

    /// Begins to compute the summaries of those buckets, of the objects whose names begin so. Throws BUSY when
    /// too many are being computed.
    public void start(String id, List<Bucket> buckets, String prefix) {
        if (!free.tryAcquire()) {
            refused.increment();
            throw new StoreException(ErrorCode.BUSY, "too many bucket summaries are being computed");
        }
        CompletableFuture<List<BucketSummary>> result = new CompletableFuture<>();
        Thread thread = Thread.ofVirtual().name("summary-" + id).unstarted(() -> compute(buckets, prefix, result));
        synchronized (computations) {
            computations.put(id, new Computation(thread, result));
            if (computations.size() > kept) {
                computations.remove(computations.keySet().iterator().next());
            }
        }
        thread.start();
    }

    /// The summaries asked for under that id, or null while they are being computed. Throws NO_SUCH_JOB when the
    /// id is unknown, else what the computation threw.
    public @Nullable List<BucketSummary> find(String id) {
        Computation computation;
        synchronized (computations) {
            computation = computations.get(id);
        }
        if (computation == null) {
            throw new StoreException(ErrorCode.NO_SUCH_JOB, "job summary[" + id + "] does not exist");
        }
        if (!computation.result.isDone()) {
            return null;
        }
        try {
            return computation.result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreException failure) {
                throw failure;
            }
            throw new StoreException(ErrorCode.INTERNAL, "job summary[" + id + "] failed", e.getCause());
        }
    }

    /// Ends what is being computed.
    @Override
    public void close() {
        synchronized (computations) {
            computations.values().forEach(computation -> computation.thread.interrupt());
        }
    }

    private void compute(List<Bucket> buckets, String prefix, CompletableFuture<List<BucketSummary>> result) {
        try {
            Exchange exchange = DirectExchange.of(new Request(Method.GET, "/v1/buckets", new Headers()), Body.empty());
            long capacity = capacity(exchange);
            List<BucketSummary> summaries = new ArrayList<>(buckets.size());
            for (Bucket bucket : buckets) {
                summaries.add(summary(exchange, bucket.name(), prefix).onDisks(capacity));
            }
            result.complete(summaries);
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        } finally {
            free.release();
        }
    }

    private BucketSummary summary(Exchange exchange, BucketName bucket, String prefix) {
        BucketSummary summary = BucketSummary.empty(bucket);
        String after = "";
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StoreException(ErrorCode.DEADLINE_EXCEEDED, "the gateway is stopping");
            }
            Page page = listings.page(exchange, bucket, new PageRequest(prefix, after, "", PAGE_ENTRIES, false));
            for (Page.Entry entry : page.entries()) {
                summary = summary.plus(entry.size());
            }
            if (!page.truncated()) {
                return summary;
            }
            after = page.entries().getLast().name();
        }
    }

    /// The capacity of all storage nodes in bytes, as far as they tell it.
    private long capacity(Exchange exchange) {
        long total = 0;
        for (Object load : nodes.askStorage(exchange, "/v1/daemon?what=sysinfo").values()) {
            if (load instanceof Map<?, ?> fields && fields.get("fs_capacity") instanceof String bytes) {
                total += Long.parseLong(bytes);
            }
        }
        return total;
    }
}
