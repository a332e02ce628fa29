package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.ByteSource;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.http.Reply;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.WriteSession;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/// Takes bodies into the kernel's write sessions: admission, the loop over the bytes, and the words of
/// AIStore for what can go wrong.
final class Intake {
    /// What an upload of unannounced length counts for.
    private static final long UNKNOWN_LENGTH_BYTES = 8L << 20;

    private final Admission admission;
    private final StateWatch watch;
    private final Handover handover;
    private final LongAdder writtenBytes;

    Intake(Admission admission, StateWatch watch, Handover handover, LongAdder writtenBytes) {
        this.admission = admission;
        this.watch = watch;
        this.handover = handover;
        this.writtenBytes = writtenBytes;
    }

    /// What a body must be, and what must hold when it is committed.
    record Demand(ChecksumDemands checksums, Conditions conditions, Claim claim) {}

    /// Writes the request's body in a session and commits it. Throws BUSY when the bucket is sealed or too
    /// much is under way, before a byte of the body is asked for.
    Reply take(ObjectRequest request, Demand demand, Supplier<WriteSession> begin) {
        return take(
                request,
                request.exchange().body(),
                session -> {
                    demand.checksums().expected().forEach(session::expect);
                    return handover.commit(request, session, demand);
                },
                begin);
    }

    /// How a session ends once it has all bytes.
    @FunctionalInterface
    interface Commit<T> {
        T of(WriteSession session);
    }

    /// Writes a source's bytes in a session and commits it.
    <T> T take(ObjectRequest request, ByteSource source, Commit<T> commit, Supplier<WriteSession> begin) {
        requireWritable(request);
        return admitted(request, source.length(), () -> {
            try (WriteSession session = begin.get()) {
                for (ByteBuffer bytes = source.next(); bytes != null; bytes = source.next()) {
                    session.write(bytes);
                }
                T result = commit.of(session);
                writtenBytes.add(session.size());
                return result;
            }
        });
    }

    /// Runs a write of that many bytes, or -1, when there is room for it.
    <T> T admitted(ObjectRequest request, long bytes, Supplier<T> write) {
        long counted = bytes < 0 ? UNKNOWN_LENGTH_BYTES : bytes;
        admission.enterUpload(counted);
        try {
            return translating(request, write);
        } finally {
            admission.leaveUpload(counted);
        }
    }

    /// Throws BUSY when the bucket is being removed.
    void requireWritable(ObjectRequest request) {
        if (request.bucket().sealed()) {
            throw sealed(request.bucket());
        }
    }

    /// Runs a write and puts its failure into AIStore's words.
    <T> T translating(ObjectRequest request, Supplier<T> write) {
        try {
            return write.get();
        } catch (StoreException failure) {
            throw translated(request, failure);
        }
    }

    private StoreException translated(ObjectRequest request, StoreException failure) {
        return switch (failure.code()) {
            case NO_SUCH_BUCKET -> refused(request.bucket());
            case CHECKSUM_MISMATCH ->
                request.extended()
                        ? failure
                        : new StoreException(
                                ErrorCode.CHECKSUM_MISMATCH, "BAD DATA CHECKSUM: " + failure.text(), failure);
            default -> failure;
        };
    }

    /// The kernel refuses writes to buckets that are sealed as well as to those that are gone.
    private StoreException refused(Bucket bucket) {
        Bucket current = watch.current().bucket(bucket.name());
        return current != null && current.id() == bucket.id() ? sealed(bucket) : NodeErrors.noSuchBucket(bucket.name());
    }

    static StoreException sealed(Bucket bucket) {
        return new StoreException(
                ErrorCode.BUSY,
                "bucket \"" + bucket.name() + "\" is currently busy, please try again: it is being removed");
    }
}
