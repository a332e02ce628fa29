package io.forebay.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.gateway.TestUsers;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.Credentials;
import io.forebay.protocol.sigv4.SigV4Signer;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class AuthorizerTest {
    private static final Credentials ROOT = new Credentials("ROOTKEY", "rootsecret");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));

    private final Authorizer root = TestUsers.root(ROOT, CLOCK);

    @Test
    void tokenIsTheDigestOfAFixedTextUnderTheSecret() {
        assertThat(UserToken.ofRoot(new Credentials("any", "secret")))
                .isEqualTo("9f38d3c7904eccd1c50af7e10a7dc9859e46ab7bd4276210ffe91fb745dff810");
    }

    @Test
    void tokenAdmitsRoot() {
        Caller caller = admit(root, request("Authorization", "Bearer " + UserToken.ofRoot(ROOT)));
        assertThat(caller.isAdministrator()).isTrue();
        assertThat(admit(root, request("Authorization", "bearer  " + UserToken.ofRoot(ROOT))))
                .isEqualTo(caller);
    }

    @Test
    void signatureAdmitsRootToAnyFace() {
        Request request = request();
        new SigV4Signer(ROOT, "us-east-1", CLOCK).sign(request, "UNSIGNED-PAYLOAD");
        assertThat(admit(root, request).isAdministrator()).isTrue();
    }

    @Test
    void nobodyElseIsAdmitted() {
        assertRefused(request());
        assertRefused(request("Authorization", ""));
        assertRefused(request("Authorization", "Bearer"));
        assertRefused(request("Authorization", "Bearer "));
        assertRefused(request("Authorization", "Bearer " + UserToken.ofRoot(ROOT) + "0"));
        assertRefused(request("Authorization", "Bearer rootsecret"));
        assertRefused(request("Authorization", "Basic cm9vdDpyb290"));
        Request wrong = request();
        new SigV4Signer(new Credentials("ROOTKEY", "guess"), "us-east-1", CLOCK).sign(wrong, "UNSIGNED-PAYLOAD");
        assertRefused(wrong);
    }

    private void assertRefused(Request request) {
        assertThatThrownBy(() -> admit(root, request)).isInstanceOfSatisfying(StoreException.class, refusal -> {
            assertThat(refusal.code()).isEqualTo(ErrorCode.UNAUTHENTICATED);
            assertThat(refusal.text()).doesNotContain("rootsecret");
        });
    }

    @Test
    void withoutAuthenticationEveryoneIsRoot() {
        Authorizer open = new OpenAuthorizer();
        assertThat(admit(open, request()).isAdministrator()).isTrue();
        assertThat(admit(open, request("Authorization", "nonsense")).isAdministrator())
                .isTrue();
        assertThat(open.identify(
                        request("x-amz-content-sha256", "nonsense"), request().query()))
                .isInstanceOf(Identity.Refused.class);
    }

    private static Caller admit(Authorizer authorizer, Request request) {
        return authorizer.admit(request, request.query());
    }

    private static Request request(String... lines) {
        Headers headers = new Headers().add("Host", "localhost");
        for (int index = 0; index < lines.length; index += 2) {
            headers.add(lines[index], lines[index + 1]);
        }
        return new Request(Method.GET, "/v1/buckets", headers);
    }
}
