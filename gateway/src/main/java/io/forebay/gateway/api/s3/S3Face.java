package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Identity;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PayloadForm;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The S3 face: reads a request, finds out who asks, runs the operation, and says every failure in S3's words.
public final class S3Face implements Handler {
    private static final Logger LOG = System.getLogger(S3Face.class.getName());
    private static final Identity NOBODY = new Identity.Known(Caller.ANONYMOUS, PayloadForm.UNSIGNED, null);

    private final S3Config config;
    private final Authorizer authorizer;
    private final TokenService tokens;
    private final Gatekeeper gate;
    private final AccessControls controls;
    private final BucketPolicies policies;
    private final String hostId;
    private final BucketOperations bucketOperations;
    private final ObjectListings objectListings;
    private final ObjectVersions versions;
    private final UploadListings uploadListings;
    private final ObjectReads reads;
    private final ObjectLocks locks;
    private final ObjectWrites writes;
    private final ObjectRemovals removals;
    private final ChangeOccasions changes;
    private final Appends appends;
    private final Renames renames;
    private final FormUploads forms;
    private final ObjectTags tags;
    private final Copies copies;
    private final MultipartUploads uploads;
    private final Completions completions;
    private final Map<Operation, LongAdder> requests = new EnumMap<>(Operation.class);
    private final Map<S3Error, LongAdder> errors = new EnumMap<>(S3Error.class);

    /// @param webhooks the names of those whom buckets may have told of changes
    /// @param hostId names this gateway in `x-amz-id-2`
    public S3Face(
            S3Config config,
            S3Access access,
            Set<String> webhooks,
            Buckets buckets,
            Objects objects,
            Listings listings,
            InstantSource clock,
            Metrics metrics,
            String hostId) {
        this.config = config;
        this.authorizer = access.authorizer();
        this.tokens = new TokenService(config, access, metrics);
        EncryptionHeaders encryption = new EncryptionHeaders(config);
        this.gate = new Gatekeeper(access.permissions(), buckets, objects);
        this.controls = new AccessControls(config, gate, access.permissions(), buckets, objects);
        this.policies = new BucketPolicies(config, access.permissions(), buckets);
        this.hostId = hostId;
        this.bucketOperations = new BucketOperations(config, gate, controls, buckets, webhooks);
        this.objectListings = new ObjectListings(gate, buckets, listings);
        this.versions = new ObjectVersions(gate, buckets, objects, listings);
        this.uploadListings = new UploadListings(controls, buckets, listings);
        this.locks = new ObjectLocks(config, gate, buckets, objects, clock);
        Expirations expirations = new Expirations(buckets);
        this.reads = new ObjectReads(gate, buckets, versions, encryption, objects, expirations);
        this.writes = new ObjectWrites(config, controls, locks, encryption, buckets, objects, expirations);
        this.removals = new ObjectRemovals(config, gate, buckets, objects);
        this.changes = new ChangeOccasions(config, buckets, hostId);
        this.appends = new Appends(config, encryption, buckets, objects, writes);
        this.renames = new Renames(gate, buckets, objects);
        this.forms = new FormUploads(config, authorizer, gate, controls, locks, encryption, buckets, objects, clock);
        this.tags = new ObjectTags(config, gate, buckets, objects);
        this.copies = new Copies(config, gate, controls, locks, encryption, buckets, objects, expirations);
        this.uploads = new MultipartUploads(config, controls, locks, encryption, buckets, objects);
        this.completions = new Completions(config, encryption, objects, uploads, expirations);
        for (Operation operation : Operation.values()) {
            requests.put(operation, metrics.counter(S3Metric.REQUESTS, "operation=\"" + operation + "\""));
        }
        for (S3Error error : S3Error.values()) {
            errors.put(error, metrics.counter(S3Metric.ERRORS, "code=\"" + error.code() + "\""));
        }
    }

    @Override
    public Reply handle(Exchange exchange) {
        Reply reply;
        try {
            reply = tokens.isAsked(exchange.request()) ? tokens.answer(exchange) : answer(exchange);
            if (reply.wouldWait()) {
                return reply;
            }
        } catch (S3Failure e) {
            reply = failed(exchange, e);
        } catch (StoreException e) {
            log(exchange, e);
            reply = failed(exchange, ErrorTable.failure(e));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "request " + exchange.id() + " met a bug", e);
            reply = failed(exchange, new S3Failure(S3Error.INTERNAL_ERROR));
        }
        reply.headers().add("x-amz-request-id", exchange.id()).add("x-amz-id-2", hostId);
        if (CorsRules.isAsked(exchange.request()) && exchange.request().method() != Method.OPTIONS) {
            addCors(exchange.request(), reply.headers());
        }
        return reply;
    }

    /// To failures as well: a page is to learn of them.
    private void addCors(Request request, Headers reply) {
        try {
            bucketOperations.addCors(request, address(request), reply);
        } catch (S3Failure e) {
            // The answer says what is wrong with the address.
        }
    }

    private S3Address address(Request request) {
        return S3Address.of(request.headers().find("Host"), request.rawPath(), config.domains());
    }

    private Reply answer(Exchange exchange) {
        Request request = exchange.request();
        Query query = query(request);
        S3Address address = address(request);
        S3Address.checkKey(address.key(), config.maxKeyBytes());
        // A browser asks ahead without credentials, also of what was signed for another method.
        Identity identity = request.method() == Method.OPTIONS ? NOBODY : authorizer.identify(request, query);
        return switch (identity) {
            case Identity.Refused(var refusal) -> throw ErrorTable.failure(refusal);
            case Identity.Known known -> {
                S3Call call = new S3Call(exchange, query, address, known);
                Operation operation = operation(call);
                if (!operation.fromMemory() && !exchange.mayWait()) {
                    yield Reply.WOULD_WAIT;
                }
                admit(operation, call);
                RefusedHeaders.check(request.headers(), operation);
                Reply reply = runHiding(operation, call);
                if (!reply.wouldWait()) {
                    count(requests.get(operation));
                }
                yield reply;
            }
        };
    }

    /// What a request wants. Who proved nothing is not told what is wrong with it.
    private static Operation operation(S3Call call) {
        try {
            return OperationRouter.operation(call.exchange().request(), call.query(), call.address());
        } catch (S3Failure e) {
            throw call.caller().isAnonymous() ? new S3Failure(S3Error.ACCESS_DENIED) : e;
        }
    }

    private void admit(Operation operation, S3Call call) {
        try {
            gate.check(operation, call);
        } catch (S3Failure e) {
            throw call.caller().isAnonymous() ? new S3Failure(S3Error.ACCESS_DENIED) : e;
        } catch (StoreException e) {
            throw gate.hidesAbsence(call, e) ? new S3Failure(S3Error.ACCESS_DENIED) : e;
        }
    }

    private Reply runHiding(Operation operation, S3Call call) {
        try {
            return changes.run(operation, call, () -> run(operation, call));
        } catch (StoreException e) {
            throw gate.hidesAbsence(call, e) ? new S3Failure(S3Error.ACCESS_DENIED) : e;
        }
    }

    private Reply run(Operation operation, S3Call call) {
        return switch (operation) {
            case LIST_BUCKETS -> bucketOperations.list(call);
            case CREATE_BUCKET -> bucketOperations.create(call);
            case HEAD_BUCKET -> bucketOperations.head(call);
            case DELETE_BUCKET -> bucketOperations.delete(call);
            case GET_BUCKET_LOCATION -> bucketOperations.location(call);
            case GET_BUCKET_CONFIGURATION -> bucketOperations.configuration(call);
            case PUT_BUCKET_CONFIGURATION -> bucketOperations.putConfiguration(call);
            case DELETE_BUCKET_CONFIGURATION -> bucketOperations.removeConfiguration(call);
            case GET_BUCKET_POLICY -> policies.read(call);
            case PUT_BUCKET_POLICY -> policies.write(call);
            case DELETE_BUCKET_POLICY -> policies.remove(call);
            case GET_BUCKET_POLICY_STATUS -> policies.status(call);
            case GET_ACL -> controls.read(call);
            case PUT_ACL -> controls.write(call);
            case GET_OBJECT_CONFIGURATION -> locks.read(call);
            case PUT_OBJECT_CONFIGURATION -> locks.write(call);
            case LIST_OBJECTS -> objectListings.list(call);
            case LIST_OBJECTS_V2 -> objectListings.listV2(call);
            case LIST_OBJECT_VERSIONS -> versions.list(call);
            case LIST_MULTIPART_UPLOADS -> uploadListings.list(call);
            case GET_OBJECT -> reads.read(call, Method.GET);
            case HEAD_OBJECT -> reads.read(call, Method.HEAD);
            case GET_OBJECT_ATTRIBUTES -> reads.attributes(call);
            case GET_OBJECT_TAGGING -> tags.read(call);
            case PUT_OBJECT_TAGGING -> tags.write(call);
            case DELETE_OBJECT_TAGGING -> tags.remove(call);
            case PUT_OBJECT -> writes.put(call);
            case APPEND_OBJECT -> appends.append(call);
            case RENAME_OBJECT -> renames.rename(call);
            case POST_OBJECT -> forms.post(call);
            case DELETE_OBJECT -> removals.delete(call);
            case DELETE_OBJECTS -> removals.deleteMany(call);
            case COPY_OBJECT -> copies.copyObject(call);
            case CREATE_MULTIPART_UPLOAD -> uploads.create(call);
            case UPLOAD_PART -> uploads.uploadPart(call);
            case UPLOAD_PART_COPY -> copies.copyPart(call);
            case COMPLETE_MULTIPART_UPLOAD -> completions.complete(call);
            case ABORT_MULTIPART_UPLOAD -> uploads.abort(call);
            case LIST_PARTS -> uploads.listParts(call);
            case PREFLIGHT -> bucketOperations.preflight(call);
        };
    }

    /// Throws InvalidURI.
    static Query query(Request request) {
        try {
            return request.query();
        } catch (StoreException e) {
            throw new S3Failure(S3Error.INVALID_URI);
        }
    }

    private Reply failed(Exchange exchange, S3Failure failure) {
        S3Error error = failure.error();
        count(errors.get(error));
        Headers headers = new Headers();
        failure.headers().forEach(headers::add);
        String allowed = failure.details().get("AllowedMethods");
        if (allowed != null) {
            headers.add("Allow", allowed);
        }
        if (error == S3Error.SLOW_DOWN) {
            headers.add("Retry-After", "1");
        }
        headers.add("Content-Type", "application/xml");
        if (exchange.request().method() == Method.HEAD) {
            return new Reply(error.status(), headers, Payload.none());
        }
        if (tokens.isAsked(exchange.request())) {
            return S3Replies.xml(error.status(), headers, tokens.failure(failure, exchange.id()));
        }
        XmlWriter xml = XmlWriter.plain("Error").element("Code", error.code()).element("Message", failure.text());
        failure.details().forEach(xml::element);
        xml.element("Resource", exchange.request().rawPath())
                .element("RequestId", exchange.id())
                .element("HostId", hostId);
        return new Reply(error.status(), headers, new Payload.Memory(ByteBuffer.wrap(xml.bytes())));
    }

    private static void log(Exchange exchange, StoreException failure) {
        switch (failure.code().fault()) {
            case BUG, STORAGE ->
                LOG.log(Level.ERROR, "request " + exchange.id() + " failed: " + failure.text(), failure);
            case CALLER, CONFLICT, ABSENT, OVERLOAD, ROUTING, BACKEND -> {
                // The access log has them.
            }
        }
    }

    private static void count(@Nullable LongAdder counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
