package io.forebay.storage.http;

import io.forebay.cluster.state.Bucket;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.Fault;
import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Versioning;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.client.NodeChannel;
import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.storage.object.Conditions;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.object.RemovalOptions;
import io.forebay.storage.object.Removed;
import io.forebay.storage.object.Waiting;
import io.forebay.storage.peer.Consult;
import io.forebay.storage.peer.Fence;
import io.forebay.storage.peer.Mending;
import io.forebay.storage.peer.Reliance;
import io.forebay.storage.peer.UploadPull;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sees to it that an operation on a key of this node works on the newest value, while that may be elsewhere,
/// and that what is told of it is still true when it is told.
final class Custody {
    private final ObjectStore store;
    private final Fence fence;
    private final Consult consult;
    private final Mending mending;
    private final UploadPull uploads;
    private final NodeChannel channel;
    private final LongAdder relayed;

    Custody(Parts parts, Metrics metrics, String labels) {
        this.store = parts.store();
        this.fence = parts.fence();
        this.consult = parts.consult();
        this.mending = parts.mending();
        this.uploads = parts.uploads();
        this.channel = parts.channel();
        this.relayed = metrics.counter(NodeMetric.RELAYED, labels);
    }

    /// What it works with.
    record Parts(
            ObjectStore store,
            Fence fence,
            Consult consult,
            Mending mending,
            UploadPull uploads,
            NodeChannel channel) {}

    /// Answers a read, from this node or from the one that has the newest value. Throws NOT_OWNER when the
    /// key is another's by the time of the answer.
    Reply read(ObjectRequest request, Supplier<Reply> local) {
        if (HeldRequest.isOne(request.exchange())) {
            return local.get();
        }
        if (!request.view().isSettled()) {
            switch (find(request, Consult.Purpose.READ)) {
                case Consult.Where.WouldWait wait -> {
                    return Reply.WOULD_WAIT;
                }
                case Consult.Where.There there -> {
                    return certain(request, relayed(request, there));
                }
                case Consult.Where.Here here -> {
                    // As if it had never been elsewhere.
                }
            }
        }
        Reply reply;
        try {
            reply = local.get();
        } catch (StoreException e) {
            if (e.code().fault() == Fault.STORAGE && mending.isPossible(request.view(), request.bucket())) {
                return mended(request, local, e);
            }
            if (e.code() != ErrorCode.NOT_OWNER && !stillServes(request)) {
                throw fence.movedAway(request.key());
            }
            throw e;
        }
        return reply.wouldWait() ? reply : certain(request, reply);
    }

    /// Answers a read of a certain version, once all versions of the object are here. Throws as `read` does.
    Reply readVersion(ObjectRequest request, Supplier<Reply> local) {
        find(request, Consult.Purpose.CHANGE);
        gatherVersions(request);
        Reply reply;
        try {
            reply = local.get();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NOT_OWNER && !stillServes(request)) {
                throw fence.movedAway(request.key());
            }
            if (e.code().fault() != Fault.STORAGE || !mending.isPossible(request.view(), request.bucket())) {
                throw e;
            }
            ObjectKey version = new VersionChoice(store).find(request).key();
            mending.mend(request.view(), request.bucket(), version, e);
            reply = local.get();
        }
        return certain(request, reply);
    }

    /// Where a bucket has versions, what becomes of the object is what becomes of them.
    private void gatherVersions(ObjectRequest request) {
        if (request.bucket().versioning() != Versioning.OFF) {
            consult.findVersions(request.view(), request.bucket(), request.key());
        }
    }

    /// Runs a change that depends on what the key has.
    Reply relying(ObjectRequest request, Supplier<Reply> change) {
        Consult.Where where = find(request, Consult.Purpose.CHANGE);
        gatherVersions(request);
        return where instanceof Consult.Where.Here here
                ? Reliance.on(request.key(), here.since(), change::get)
                : Reply.WOULD_WAIT;
    }

    /// That this node has the key's newest value, which is fetched if need be.
    Claim claim(ObjectRequest request) {
        Consult.Where where = find(request, Consult.Purpose.CHANGE);
        gatherVersions(request);
        return where instanceof Consult.Where.Here here ? new Claim(here.since()) : Claim.NONE;
    }

    /// Looks something up of the key, and sees to it that it was this node's to decide by.
    <T extends @Nullable Object> T checked(ObjectRequest request, Supplier<T> lookUp) {
        T found;
        try {
            found = lookUp.get();
        } catch (StoreException e) {
            if (e.code() != ErrorCode.NOT_OWNER && !stillServes(request)) {
                throw fence.movedAway(request.key());
            }
            throw e;
        }
        requireServing(request);
        return found;
    }

    /// Removes the object, wherever its newest value is, or a version of it. Null when there is none.
    ///
    /// @param version the id of the version; empty for the object
    @Nullable
    Removed remove(ObjectRequest request, String version, RemovalOptions options) {
        boolean blindly = options.conditions().equals(Conditions.NONE)
                && version.isEmpty()
                && request.bucket().versioning() == Versioning.OFF;
        Consult.Where where = find(request, blindly ? Consult.Purpose.REMOVE : Consult.Purpose.CHANGE);
        gatherVersions(request);
        ObjectKey key = request.key().at(version);
        return switch (where) {
            case Consult.Where.Here here ->
                Reliance.on(request.key(), here.since(), () -> store.remove(request.bucket(), key, options));
            case Consult.Where.There there ->
                Reliance.on(
                        request.key(),
                        there.since(),
                        () -> store.removeElsewhere(request.bucket(), request.key(), there.stamp()));
            case Consult.Where.WouldWait wait -> throw new IllegalStateException("a removal may wait");
        };
    }

    /// Where the key's newest value is.
    Consult.Where find(ObjectRequest request, Consult.Purpose purpose) {
        Bucket bucket = request.bucket();
        return consult.find(request.view(), bucket, request.key(), purpose, request.waiting());
    }

    /// Runs an operation on an upload, which is fetched from where it was begun when this node does not have
    /// it.
    Reply uploading(ObjectRequest request, String uploadId, Supplier<Reply> operation) {
        if (!request.view().isSettled() && !uploadId.isEmpty()) {
            uploads.require(request.view(), request.bucket(), request.key(), uploadId);
        }
        return operation.get();
    }

    /// Throws NOT_OWNER when what was looked up for a request may not be this node's to decide by.
    void requireServing(ObjectRequest request) {
        if (!stillServes(request)) {
            throw fence.movedAway(request.key());
        }
    }

    /// Whether what was looked up for a request is still this node's to tell.
    boolean stillServes(ObjectRequest request) {
        return fence.stillServes(request.view(), request.bucket(), request.key());
    }

    private Reply certain(ObjectRequest request, Reply reply) {
        boolean certain = false;
        try {
            certain = stillServes(request);
        } finally {
            if (!certain) {
                reply.payload().close();
            }
        }
        if (!certain) {
            throw fence.movedAway(request.key());
        }
        return reply;
    }

    /// The reply of the node that has the value.
    private Reply relayed(ObjectRequest request, Consult.Where.There there) {
        Exchange exchange = request.exchange();
        Headers headers = new Headers();
        headers.addAll(exchange.request().headers());
        headers.set(NodeHeaders.STATE_VERSION, Long.toString(request.state().version()));
        headers.set(NodeHeaders.HELD, there.stamp().toString());
        Request onward =
                new Request(exchange.request().method(), exchange.request().target(), headers);
        Reply reply =
                channel.call(DirectExchange.within(exchange, onward, Body.empty()), there.node(), onward, Body.empty());
        String code = reply.status() < 400 ? "" : reply.headers().find(NodeHeaders.ERROR, "");
        if (code.equals(ErrorCode.NOT_OWNER.name()) || code.equals(ErrorCode.STALE_MAP.name())) {
            throw new StoreException(ErrorCode.NOT_OWNER, NodeErrors.read(reply).text());
        }
        relayed.increment();
        return reply;
    }

    /// Answers from a good copy of another node, which is brought here.
    private Reply mended(ObjectRequest request, Supplier<Reply> local, StoreException damage) {
        if (request.waiting() == Waiting.FORBIDDEN) {
            return Reply.WOULD_WAIT;
        }
        mending.mend(request.view(), request.bucket(), request.key(), damage);
        return certain(request, local.get());
    }
}
