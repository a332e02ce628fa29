package io.forebay.storage.http;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The limits at a storage node's door: requests being worked on, and bytes that uploads under way have announced.
///
/// An upload that alone is over the limit is admitted when no other is under way, so that no size is refused for ever.
final class Admission {
    private final long maxRequests;
    private final long maxUploadBytes;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong uploadBytes = new AtomicLong();
    private final LongAdder refusedRequests;
    private final LongAdder refusedUploads;

    Admission(long maxRequests, long maxUploadBytes, Metrics metrics, String labels) {
        this.maxRequests = maxRequests;
        this.maxUploadBytes = maxUploadBytes;
        this.refusedRequests = metrics.counter(NodeMetric.REFUSED, labels + ",limit=\"max-requests\"");
        this.refusedUploads = metrics.counter(NodeMetric.REFUSED, labels + ",limit=\"max-upload-bytes\"");
        metrics.gauge(NodeMetric.REQUESTS_IN_FLIGHT, labels, requests::get);
        metrics.gauge(NodeMetric.UPLOAD_BYTES_IN_FLIGHT, labels, uploadBytes::get);
    }

    /// Counts a request that may wait, until `leave`. Throws BUSY when as many as allowed are being worked on.
    void enter() {
        if (requests.incrementAndGet() > maxRequests) {
            requests.decrementAndGet();
            refusedRequests.increment();
            throw new StoreException(
                    ErrorCode.BUSY, "Too Many Requests: " + maxRequests + " requests are being worked on");
        }
    }

    void leave() {
        requests.decrementAndGet();
    }

    /// Counts an upload's bytes until `leaveUpload`. Throws BUSY when they are over the limit together with those under
    /// way.
    void enterUpload(long bytes) {
        long sum = uploadBytes.addAndGet(bytes);
        if (sum > maxUploadBytes && sum != bytes) {
            uploadBytes.addAndGet(-bytes);
            refusedUploads.increment();
            throw new StoreException(
                    ErrorCode.BUSY, "Too Many Requests: uploads of " + (sum - bytes) + " bytes are under way");
        }
    }

    void leaveUpload(long bytes) {
        uploadBytes.addAndGet(-bytes);
    }
}
