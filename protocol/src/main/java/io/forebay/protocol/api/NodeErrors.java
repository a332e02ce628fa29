package io.forebay.protocol.api;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.common.model.Provider;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.PayloadSource;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Failures as AIStore's clients expect them: the JSON error body, its status, and the texts that clients search.
///
/// Beside AIStore's body a reply has `Forebay-Error`, from which a gateway rebuilds the exception (`read`). Of a
/// HEAD the JSON is in the header `Hdr-Error`, and there is no body.
public final class NodeErrors {
    public static final String HEAD_ERROR = "Hdr-Error";

    /// The status by which a gateway that does not lead sends a node to the one that does.
    public static final int MISDIRECTED = 421;

    private static final String NO_SUCH_API = "no such API: ";
    private static final int MAX_BODY_BYTES = 64 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonMapper ASCII_JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final Map<ErrorCode, Line> TABLE = table();

    private final String node;

    /// @param node the answering node as AIStore prints it: `t[id]` of a storage node, `p[id]` of a gateway
    public NodeErrors(String node) {
        this.node = node;
    }

    /// The answering node, as it names itself in messages.
    public String node() {
        return node;
    }

    /// How AIStore shows one failure.
    ///
    /// @param type the name of AIStore's error type, or empty where it has none
    private record Line(int status, String type) {}

    /// The answer to a failed request.
    public Reply render(StoreException failure, Exchange exchange) {
        Request request = exchange.request();
        Line line = line(failure);
        ObjectNode body = JSON.createObjectNode();
        if (!line.type().isEmpty()) {
            body.put("tcode", line.type());
        }
        body.put("message", failure.text());
        body.put("method", request.method().name());
        body.put("url_path", readable(request.rawPath()));
        body.put("remote_addr", address(exchange.remote()));
        body.put("caller", "");
        body.put("node", node);
        body.put("status", line.status());
        Headers headers = new Headers();
        headers.add("Content-Type", "application/json");
        headers.add("X-Content-Type-Options", "nosniff");
        headers.add(NodeHeaders.ERROR, failure.code().name());
        if (failure.code() == ErrorCode.BUSY) {
            headers.add("Retry-After", "1");
        }
        if (request.method() == Method.HEAD) {
            headers.add(HEAD_ERROR, ASCII_JSON.writeValueAsString(body));
            return new Reply(line.status(), headers, Payload.none());
        }
        byte[] json = (JSON.writeValueAsString(body) + "\n").getBytes(StandardCharsets.UTF_8);
        return new Reply(line.status(), headers, new Payload.Memory(ByteBuffer.wrap(json)));
    }

    /// The answer to a method that the path does not have. Empties no body.
    public static Reply methodNotAllowed(Method method, String allowed) {
        Reply reply = method == Method.OPTIONS ? Reply.of(200) : Reply.text(405, "Method Not Allowed\n");
        return reply.with("Allow", allowed);
    }

    /// A reply that `render` made of NOT_LEADER, for another node: it goes on at the leader's control URL, when
    /// that is known.
    public static Reply misdirected(Reply refusal, @Nullable String leaderUrl) {
        Reply reply = new Reply(MISDIRECTED, refusal.headers(), refusal.payload());
        return leaderUrl == null ? reply : reply.with(NodeHeaders.LEADER, leaderUrl);
    }

    /// The exception behind a reply that `render` made, whose payload is closed. A reply of something else becomes
    /// NODE_UNAVAILABLE when its status says that, else INTERNAL.
    public static StoreException read(Reply reply) {
        try (PayloadSource payload = new PayloadSource(reply.payload())) {
            String header = reply.headers().find(HEAD_ERROR);
            String text = header != null ? header : new String(payload.readAll(MAX_BODY_BYTES), StandardCharsets.UTF_8);
            return read(reply.status(), reply.headers().find(NodeHeaders.ERROR, ""), text);
        }
    }

    /// The status that AIStore's clients see for that code.
    public static int status(ErrorCode code) {
        return line(code).status();
    }

    public static StoreException noSuchBucket(BucketName bucket) {
        String kind = bucket.provider() != Provider.AIS
                ? bucket.provider().wireName() + " bucket"
                : bucket.namespace().uuid().isEmpty() ? "bucket" : "remote bucket";
        return new StoreException(ErrorCode.NO_SUCH_BUCKET, kind + " " + bucket.quoted() + " does not exist");
    }

    /// A path under `/v1` that means nothing: status 404, as AIStore's servers have it.
    public static StoreException noSuchApi(String rawPath) {
        return new StoreException(ErrorCode.INVALID_ARGUMENT, NO_SUCH_API + "\"" + rawPath + "\"");
    }

    /// A path or a method that AIStore has and nobody here does.
    public static StoreException notOffered(Request request) {
        return new StoreException(
                ErrorCode.UNSUPPORTED, request.method() + " " + request.rawPath() + " is not offered");
    }

    /// The absence of an object, as all operations but DELETE tell it.
    public StoreException noSuchObject(ObjectKey key) {
        return new StoreException(ErrorCode.NO_SUCH_OBJECT, node + ": " + key + " does not exist");
    }

    /// The absence of an object, as DELETE tells it.
    public static StoreException nothingToDelete(ObjectKey key) {
        return new StoreException(ErrorCode.NO_SUCH_OBJECT, key + " doesn't exist");
    }

    private static StoreException read(int status, String code, String json) {
        String message = message(json);
        ErrorCode known = ErrorCode.find(code);
        if (known != null) {
            return new StoreException(known, message.isEmpty() ? known.description() : message);
        }
        boolean unavailable = status == 502 || status == 503 || status == 504;
        return new StoreException(
                unavailable ? ErrorCode.NODE_UNAVAILABLE : ErrorCode.INTERNAL,
                "a node answered status " + status + (message.isEmpty() ? "" : ": " + message));
    }

    private static String message(String json) {
        try {
            JsonNode body = JSON.readTree(json);
            return body.path("message").asString("");
        } catch (JacksonException e) {
            return json.strip();
        }
    }

    /// The table's line, but where one code of ours is several of AIStore's errors.
    private static Line line(StoreException failure) {
        String text = failure.text();
        Line line = line(failure.code());
        return switch (failure.code()) {
            case NO_SUCH_BUCKET -> text.startsWith("bucket ") ? line : new Line(404, "ErrRemoteBckNotFound");
            case NO_SUCH_OBJECT -> text.endsWith("doesn't exist") ? new Line(404, "") : line;
            case ALREADY_EXISTS -> text.startsWith("bucket ") ? line : new Line(409, "");
            case INVALID_ARGUMENT -> text.startsWith(NO_SUCH_API) ? new Line(404, "") : line;
            case NODE_UNAVAILABLE -> text.startsWith("no storage targets") ? new Line(400, "ErrNoNodes") : line;
            default -> line;
        };
    }

    private static Line line(ErrorCode code) {
        @Nullable Line line = TABLE.get(code);
        return line == null ? new Line(500, "") : line;
    }

    private static Map<ErrorCode, Line> table() {
        Map<ErrorCode, Line> table = new EnumMap<>(ErrorCode.class);
        table.put(ErrorCode.INVALID_ARGUMENT, new Line(400, ""));
        table.put(ErrorCode.INVALID_PART, new Line(400, ""));
        table.put(ErrorCode.INVALID_PART_ORDER, new Line(400, ""));
        table.put(ErrorCode.PART_TOO_SMALL, new Line(400, ""));
        table.put(ErrorCode.UNAUTHENTICATED, new Line(401, ""));
        table.put(ErrorCode.FORBIDDEN, new Line(403, ""));
        table.put(ErrorCode.RANGE_NOT_SATISFIABLE, new Line(416, "ErrRangeNotSatisfiable"));
        table.put(ErrorCode.UNSUPPORTED, new Line(501, "ErrUnsupp"));
        table.put(ErrorCode.TOO_LARGE, new Line(400, ""));
        table.put(ErrorCode.INCOMPLETE_BODY, new Line(400, ""));
        table.put(ErrorCode.KEY_REFUSED, new Line(400, ""));
        table.put(ErrorCode.KEY_UNKNOWN, new Line(400, ""));
        table.put(ErrorCode.CHECKSUM_MISMATCH, new Line(500, "ErrBadCksum"));
        table.put(ErrorCode.NO_SUCH_BUCKET, new Line(404, "ErrBckNotFound"));
        table.put(ErrorCode.NO_SUCH_OBJECT, new Line(404, "ErrNotFound"));
        table.put(ErrorCode.NO_SUCH_VERSION, new Line(404, "ErrNotFound"));
        table.put(ErrorCode.NO_SUCH_UPLOAD, new Line(404, "ErrNotFound"));
        table.put(ErrorCode.NO_SUCH_JOB, new Line(404, "ErrXactNotFound"));
        table.put(ErrorCode.NO_SUCH_SAMPLE, new Line(404, "ErrNotFound"));
        table.put(ErrorCode.NO_SUCH_NODE, new Line(404, "errNodeNotFound"));
        table.put(ErrorCode.NO_SUCH_USER, new Line(404, ""));
        table.put(ErrorCode.ALREADY_EXISTS, new Line(409, "ErrBucketAlreadyExists"));
        table.put(ErrorCode.NOT_EMPTY, new Line(409, ""));
        table.put(ErrorCode.PRECONDITION_FAILED, new Line(412, ""));
        table.put(ErrorCode.IN_USE, new Line(409, "ErrBusy"));
        table.put(ErrorCode.BUSY, new Line(429, "ErrTooManyRequests"));
        table.put(ErrorCode.NO_SPACE, new Line(507, "ErrCapExceeded"));
        table.put(ErrorCode.DEADLINE_EXCEEDED, new Line(408, ""));
        table.put(ErrorCode.NOT_OWNER, new Line(503, ""));
        table.put(ErrorCode.STALE_MAP, new Line(503, ""));
        table.put(ErrorCode.NOT_LEADER, new Line(503, ""));
        table.put(ErrorCode.NODE_UNAVAILABLE, new Line(503, ""));
        table.put(ErrorCode.CORRUPT, new Line(500, "ErrBadCksum"));
        table.put(ErrorCode.VOLUME_FAILED, new Line(503, ""));
        table.put(ErrorCode.BACKEND_FAILED, new Line(502, ""));
        table.put(ErrorCode.BACKEND_UNAVAILABLE, new Line(503, ""));
        table.put(ErrorCode.INTERNAL, new Line(500, ""));
        return table;
    }

    /// The table's codes, for the test of its completeness.
    static Map<ErrorCode, ?> lines() {
        return TABLE;
    }

    private static String readable(String rawPath) {
        try {
            return PercentCode.decode(rawPath);
        } catch (StoreException broken) {
            return rawPath;
        }
    }

    private static String address(InetSocketAddress remote) {
        return remote.getHostString() + ":" + remote.getPort();
    }
}
