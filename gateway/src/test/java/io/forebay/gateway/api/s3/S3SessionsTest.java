package io.forebay.gateway.api.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.cluster.state.Command;
import io.forebay.common.metrics.Metrics;
import io.forebay.gateway.InMemoryCluster;
import io.forebay.gateway.TestUsers;
import io.forebay.gateway.api.s3.S3Client.Answer;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The token service, and what its credentials are worth.
final class S3SessionsTest {
    private static final InstantSource CLOCK = InstantSource.fixed(InMemoryCluster.NOW);
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final String ASSUME =
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A0%3Arole%2Fx" + "&RoleSessionName=job-1";

    private final InMemoryCluster cluster = new InMemoryCluster(1);
    private final S3Client s3 = at(Duration.ZERO);
    private final Credentials alice = TestUsers.add(cluster.commands(), "alice", false);

    private S3Client at(Duration later) {
        InstantSource clock = InstantSource.offset(CLOCK, later);
        return new S3Client(cluster, TestUsers.of(ROOT, cluster.state(), clock, new Metrics()), "us-east-1");
    }

    @BeforeEach
    void fill() {
        signed(alice, Method.PUT, "/hers", "", "").hasStatus(200);
        signed(alice, Method.PUT, "/hers/k", "", "x").hasStatus(200);
    }

    private Answer signed(Credentials keys, Method method, String target, String token, String body) {
        Headers headers = new Headers().add("Host", "localhost:8080").add("Content-Length", body.length());
        if (!token.isEmpty()) {
            headers.add("x-amz-security-token", token);
        }
        Request request = new Request(method, target, headers);
        new SigV4Signer(keys, "anywhere", CLOCK).sign(request, "UNSIGNED-PAYLOAD");
        return s3.call(request, MemoryBody.of(body.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private Answer ask(Credentials keys, String token, String signed, String sent) {
        Headers headers = new Headers()
                .add("Host", "localhost:8080")
                .add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
                .add("Content-Length", sent.length());
        if (!token.isEmpty()) {
            headers.add("x-amz-security-token", token);
        }
        Request request = new Request(Method.POST, "/", headers);
        new SigV4Signer(keys, "us-east-1", "sts", CLOCK).sign(request, sha256(signed));
        return s3.call(request, MemoryBody.of(sent.getBytes(StandardCharsets.ISO_8859_1)));
    }

    /// What a session's policy does not allow, it may not do, whoever it is of; what nothing else allows, neither.
    @Test
    void policiesNarrowSessions() {
        Credentials bob = TestUsers.add(cluster.commands(), "bob", false);
        signed(bob, Method.PUT, "/his", "", "").hasStatus(200);
        String policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                + "[\"s3:GetObject\",\"s3:ListBucket\"],\"Resource\":[\"arn:aws:s3:::hers*\",\"arn:aws:s3:::his/*\"]},"
                + "{\"Effect\":\"Deny\",\"Action\":\"s3:*\",\"Resource\":\"arn:aws:s3:::hers/secret/*\"}]}";
        for (Credentials keys : new Credentials[] {alice, ROOT}) {
            Session narrowed = session(keys, ASSUME + "&Policy=" + PercentCode.encode(policy));
            Credentials session = narrowed.keys;
            String token = narrowed.token;
            signed(session, Method.GET, "/hers/k", token, "").hasStatus(200);
            signed(session, Method.GET, "/hers", token, "").hasStatus(200);
            signed(session, Method.GET, "/hers/secret/k", token, "").isError(403, "AccessDenied");
            signed(session, Method.PUT, "/hers/k", token, "y").isError(403, "AccessDenied");
            signed(session, Method.DELETE, "/hers/k", token, "").isError(403, "AccessDenied");
            signed(session, Method.PUT, "/new", token, "").isError(403, "AccessDenied");
            signed(session, Method.GET, "/", token, "").isError(403, "AccessDenied");
            signed(session, Method.GET, "/his", token, "").isError(403, "AccessDenied");
        }
        Answer large = ask(alice, ASSUME + "&Policy=" + PercentCode.encode(policy + " ".repeat(2048)));
        assertThat(large.hasStatus(400).element("Code")).isEqualTo("PackedPolicyTooLarge");
    }

    private Answer ask(Credentials keys, String form) {
        return ask(keys, "", form, form);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Session(Credentials keys, String token) {}

    private Session session(Credentials maker, String form) {
        Answer made = ask(maker, form).hasStatus(200);
        return new Session(
                new Credentials(made.element("AccessKeyId"), made.element("SecretAccessKey")),
                made.element("SessionToken"));
    }

    @Test
    void answersAreThoseOfTheTokenService() {
        Answer made = ask(alice, ASSUME + "&DurationSeconds=900").hasStatus(200);
        assertThat(made.body())
                .contains("<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>")
                .contains("<ResponseMetadata><RequestId>direct</RequestId></ResponseMetadata></AssumeRoleResponse>");
        assertThat(made.element("AccessKeyId")).matches("ASIA[A-Z2-7]{16}");
        assertThat(made.element("Expiration")).isEqualTo("2026-03-04T05:21:07Z");
        assertThat(made.element("Arn")).isEqualTo("arn:aws:sts:::assumed-role/alice/job-1");
        assertThat(made.element("SessionToken"))
                .doesNotContain(made.element("SecretAccessKey"))
                .doesNotContain(made.element("AccessKeyId"));
        String who = "Action=GetCallerIdentity&Version=2011-06-15";
        assertThat(ask(alice, who).element("Arn")).isEqualTo("arn:aws:iam:::user/alice");
        assertThat(ask(ROOT, who).element("Arn")).isEqualTo("arn:aws:iam:::user/root");
        Session session = session(alice, ASSUME);
        assertThat(ask(session.keys, session.token, who, who).element("Arn"))
                .isEqualTo("arn:aws:sts:::assumed-role/alice/job-1");
    }

    @Test
    void credentialsAreWorthWhatTheirMakerIs() {
        Session session = session(alice, ASSUME);
        assertThat(signed(session.keys, Method.GET, "/hers/k", session.token, "")
                        .body())
                .isEqualTo("x");
        signed(session.keys, Method.PUT, "/hers/new", session.token, "y").hasStatus(200);
        String target = new SigV4Signer(session.keys, "us-east-1", CLOCK)
                .presign(
                        Method.GET,
                        "localhost:8080",
                        "/hers/k?X-Amz-Security-Token=" + PercentCode.encode(session.token),
                        Duration.ofMinutes(5));
        assertThat(s3.get(target).body()).isEqualTo("x");
        Credentials bob = TestUsers.add(cluster.commands(), "bob", false);
        Session other = session(bob, ASSUME);
        signed(other.keys, Method.GET, "/hers/k", other.token, "").isError(403, "AccessDenied");
        signed(other.keys, Method.PUT, "/his", other.token, "").hasStatus(200);
        signed(bob, Method.GET, "/his", "", "").hasStatus(200);
        Session roots = session(ROOT, ASSUME);
        signed(roots.keys, Method.GET, "/hers/k", roots.token, "").hasStatus(200);
    }

    @Test
    void tokensAreHeldToTheirKeysAndEnd() {
        Session session = session(alice, ASSUME + "&DurationSeconds=900");
        Session another = session(alice, ASSUME);
        signed(session.keys, Method.GET, "/hers/k", another.token, "").isError(400, "InvalidToken");
        signed(session.keys, Method.GET, "/hers/k", session.token + "A", "").isError(400, "InvalidToken");
        signed(session.keys, Method.GET, "/hers/k", "nonsense", "").isError(400, "InvalidToken");
        signed(session.keys, Method.GET, "/hers/k", "", "").isError(403, "InvalidAccessKeyId");
        signed(alice, Method.GET, "/hers/k", session.token, "").isError(400, "InvalidToken");
        Credentials guess = new Credentials(session.keys.accessKey(), "a guess");
        signed(guess, Method.GET, "/hers/k", session.token, "").isError(403, "SignatureDoesNotMatch");
        Headers headers = new Headers().add("Host", "localhost:8080").add("x-amz-security-token", session.token);
        Request request = new Request(Method.GET, "/hers/k", headers);
        new SigV4Signer(session.keys, "us-east-1", InstantSource.offset(CLOCK, Duration.ofMinutes(15)))
                .sign(request, "UNSIGNED-PAYLOAD");
        at(Duration.ofMinutes(15)).call(request, MemoryBody.of(new byte[0])).isError(400, "ExpiredToken");
        at(Duration.ofSeconds(899)).call(request, MemoryBody.of(new byte[0])).hasStatus(200);
    }

    @Test
    void sessionsEndWithTheKeyThatMadeThem() {
        Session session = session(alice, ASSUME);
        cluster.commands().submit(new Command.EnableUser("alice", false));
        signed(session.keys, Method.GET, "/hers/k", session.token, "").isError(400, "InvalidToken");
        cluster.commands().submit(new Command.EnableUser("alice", true));
        signed(session.keys, Method.GET, "/hers/k", session.token, "").hasStatus(200);
        Credentials next = new Credentials("NEXTKEY", "the next secret");
        cluster.commands().submit(new Command.AddUserKey("alice", TestUsers.KEYS.sealed(next, "id-alice", 2), 0));
        signed(session.keys, Method.GET, "/hers/k", session.token, "").isError(400, "InvalidToken");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Action=AssumeRole&RoleSessionName=x                             | 400 | ValidationError
            Action=AssumeRole&RoleSessionName=a%20b                         | 400 | ValidationError
            Action=AssumeRole                                               | 400 | ValidationError
            Action=AssumeRole&RoleSessionName=job&DurationSeconds=899       | 400 | ValidationError
            Action=AssumeRole&RoleSessionName=job&DurationSeconds=43201     | 400 | ValidationError
            Action=AssumeRole&RoleSessionName=job&DurationSeconds=long      | 400 | ValidationError
            Action=AssumeRole&RoleSessionName=job&Policy=%7B%7D             | 400 | MalformedPolicyDocument
            Action=AssumeRole&RoleSessionName=job&PolicyArns.member.1.arn=a | 501 | NotImplemented
            Action=AssumeRoleWithWebIdentity&RoleSessionName=job            | 400 | InvalidAction
            Version=2011-06-15                                              | 400 | InvalidAction
            Action=%FF%                                                     | 400 | ValidationError
            """)
    void refusalsSayWhy(String form, int status, String code) {
        Answer refused = ask(alice, form.strip()).hasStatus(status);
        assertThat(refused.element("Code")).isEqualTo(code);
        assertThat(refused.body()).startsWith("<?xml").contains("<ErrorResponse xmlns=\"https://sts.");
    }

    @Test
    void nobodyWithoutKeysGetsAny() {
        assertThat(ask(new Credentials("NOBODY", "x"), ASSUME).hasStatus(403).element("Code"))
                .isEqualTo("InvalidClientTokenId");
        assertThat(ask(new Credentials("KEY-alice", "x"), ASSUME).hasStatus(403).element("Code"))
                .isEqualTo("SignatureDoesNotMatch");
        assertThat(ask(alice, "", ASSUME, ASSUME + "&DurationSeconds=43200")
                        .hasStatus(403)
                        .element("Code"))
                .isEqualTo("SignatureDoesNotMatch");
        assertThat(s3.post("/", ASSUME, "Content-Type", "application/x-www-form-urlencoded")
                        .hasStatus(403)
                        .element("Code"))
                .isEqualTo("AccessDenied");
        Session session = session(alice, ASSUME);
        assertThat(ask(session.keys, session.token, ASSUME, ASSUME)
                        .hasStatus(403)
                        .element("Code"))
                .isEqualTo("AccessDenied");
        signed(alice, Method.POST, "/", "", "").isError(405, "MethodNotAllowed");
    }
}
