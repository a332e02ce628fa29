package io.forebay.gateway.api.s3;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.Checksummers;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.ChecksumType;
import io.forebay.gateway.auth.AuthConfig;
import io.forebay.gateway.auth.AuthMetric;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Identity;
import io.forebay.gateway.auth.SessionTokens;
import io.forebay.gateway.auth.VirtualHosts;
import io.forebay.gateway.auth.policy.MalformedPolicyException;
import io.forebay.gateway.auth.policy.Policy;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The token service (STS) at the address of S3: `POST /` with a form of `Action=AssumeRole` or
/// `Action=GetCallerIdentity`.
///
/// There are no roles: whoever assumes one stays who they are, with credentials that end.
final class TokenService {
    private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration DEFAULT_SESSION = Duration.ofHours(1);
    private static final int MAX_POLICY_BYTES = 2048;
    private static final String ACCOUNT = "000000000000";

    private final S3Config config;
    private final S3Access access;
    private final LongAdder made;

    TokenService(S3Config config, S3Access access, Metrics metrics) {
        this.config = config;
        this.access = access;
        this.made = metrics.counter(AuthMetric.SESSIONS, "");
    }

    /// Whether a request is one to this service.
    boolean isAsked(Request request) {
        String type = request.headers().find("Content-Type", "");
        return request.method() == Method.POST
                && type.regionMatches(true, 0, FORM, 0, FORM.length())
                && request.rawPath().equals("/")
                && VirtualHosts.bucket(request.headers().find("Host", ""), config.domains())
                        .isEmpty();
    }

    /// Throws S3Failure.
    Reply answer(Exchange exchange) {
        if (!exchange.mayWait()) {
            return Reply.WOULD_WAIT;
        }
        byte[] body = body(exchange);
        Caller caller = caller(exchange.request(), body);
        Query form = form(body);
        return switch (form.find("Action", "")) {
            case "AssumeRole" -> assumeRole(exchange, caller, form);
            case "GetCallerIdentity" -> callerIdentity(exchange, caller);
            default ->
                throw new S3Failure(
                        S3Error.INVALID_ACTION,
                        "Could not find operation " + form.find("Action", "") + " for version "
                                + form.find("Version", "NO_VERSION_SPECIFIED"));
        };
    }

    /// The document of a failure, in this service's form.
    XmlWriter failure(S3Failure failure, String requestId) {
        return XmlWriter.of("ErrorResponse", NAMESPACE)
                .open("Error")
                .element("Type", failure.error().status() < 500 ? "Sender" : "Receiver")
                .element("Code", code(failure.error()))
                .element("Message", failure.text())
                .close()
                .element("RequestId", requestId);
    }

    private static String code(S3Error error) {
        return switch (error) {
            case INVALID_ACCESS_KEY_ID, INVALID_TOKEN -> "InvalidClientTokenId";
            case AUTHORIZATION_HEADER_MALFORMED -> "IncompleteSignature";
            default -> error.code();
        };
    }

    private byte[] body(Exchange exchange) {
        try {
            return exchange.body().readAll((int) config.maxFormSize().bytes());
        } catch (StoreException e) {
            if (e.code() == ErrorCode.TOO_LARGE) {
                throw new S3Failure(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED);
            }
            throw e;
        }
    }

    private Caller caller(Request request, byte[] body) {
        String digest =
                Checksummers.of(ChecksumType.SHA256, ByteBuffer.wrap(body)).hex();
        return switch (access.authorizer().identifyTokenRequest(request, S3Face.query(request), digest)) {
            case Identity.Refused(var refusal) -> throw ErrorTable.failure(refusal);
            case Identity.Known(Caller caller, var form, var seed) -> {
                if (caller.isAnonymous()) {
                    throw new S3Failure(S3Error.ACCESS_DENIED);
                }
                yield caller;
            }
        };
    }

    private static Query form(byte[] body) {
        try {
            return Query.parse(new String(body, StandardCharsets.UTF_8));
        } catch (StoreException e) {
            throw new S3Failure(S3Error.VALIDATION_ERROR, "The form cannot be read: " + e.text());
        }
    }

    private Reply assumeRole(Exchange exchange, Caller caller, Query form) {
        if (caller.session() != null) {
            throw new S3Failure(S3Error.ACCESS_DENIED, "Temporary credentials cannot be used to make further ones");
        }
        if (form.contains("PolicyArns.member.1.arn")) {
            throw S3Failure.notImplemented("managed policies of sessions");
        }
        String policy = policy(form.find("Policy", ""));
        String name = form.find("RoleSessionName", "");
        if (!name.matches("[A-Za-z0-9_+=,.@-]{2,64}")) {
            throw invalid("roleSessionName", name, "have 2 to 64 letters, digits and _ + = , . @ -");
        }
        SessionTokens.Made session =
                access.sessions().make(caller, name, policy, duration(form.find("DurationSeconds", "")));
        made.increment();
        XmlWriter xml = XmlWriter.of("AssumeRoleResponse", NAMESPACE)
                .open("AssumeRoleResult")
                .open("AssumedRoleUser")
                .element("AssumedRoleId", caller.account().id() + ":" + name)
                .element("Arn", sessionArn(caller, name))
                .close()
                .open("Credentials")
                .element("AccessKeyId", session.credentials().accessKey())
                .element("SecretAccessKey", session.credentials().secretKey())
                .element("SessionToken", session.token())
                .element("Expiration", session.expires().toString())
                .close()
                .close();
        return answer(exchange, xml);
    }

    /// What narrows a session; null for nothing. Throws MalformedPolicyDocument with the rule that it breaks.
    private static @Nullable String policy(String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_POLICY_BYTES) {
            throw new S3Failure(S3Error.PACKED_POLICY_TOO_LARGE);
        }
        try {
            return Policy.ofHolder(text).text();
        } catch (MalformedPolicyException e) {
            throw new S3Failure(S3Error.MALFORMED_POLICY_DOCUMENT, e.reason());
        }
    }

    private Duration duration(String text) {
        if (text.isEmpty()) {
            return DEFAULT_SESSION.compareTo(access.maxSession()) < 0 ? DEFAULT_SESSION : access.maxSession();
        }
        long seconds = text.matches("\\d{1,9}") ? Long.parseLong(text) : -1;
        long least = AuthConfig.MIN_SESSION.toSeconds();
        long most = access.maxSession().toSeconds();
        if (seconds < least || seconds > most) {
            throw invalid("durationSeconds", text, "be a number from " + least + " to " + most);
        }
        return Duration.ofSeconds(seconds);
    }

    private static S3Failure invalid(String member, String value, String rule) {
        return new S3Failure(
                S3Error.VALIDATION_ERROR,
                "1 validation error detected: Value '" + value + "' at '" + member
                        + "' failed to satisfy constraint: Member must " + rule);
    }

    private static Reply callerIdentity(Exchange exchange, Caller caller) {
        Caller.Session session = caller.session();
        XmlWriter xml = XmlWriter.of("GetCallerIdentityResponse", NAMESPACE)
                .open("GetCallerIdentityResult")
                .element("Arn", session == null ? caller.account().arn() : sessionArn(caller, session.name()))
                .element("UserId", caller.account().id() + (session == null ? "" : ":" + session.name()))
                .element("Account", ACCOUNT)
                .close();
        return answer(exchange, xml);
    }

    private static String sessionArn(Caller caller, String session) {
        return "arn:aws:sts:::assumed-role/" + caller.name() + "/" + session;
    }

    private static Reply answer(Exchange exchange, XmlWriter xml) {
        xml.open("ResponseMetadata").element("RequestId", exchange.id()).close();
        return S3Replies.xml(200, xml);
    }
}
