package io.forebay.protocol.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import org.junit.jupiter.api.Test;

class RedirectSignatureTest {
    private static final ObjectKey KEY = new ObjectKey(BucketName.of("b"), "a/ü");

    private final RedirectSignature signature = new RedirectSignature("the cluster's secret");

    @Test
    void admitsWhatItSignedUntilItExpires() {
        Query query = Query.parse("provider=ais&" + signature.sign(Method.PUT, KEY, 1000));
        assertThat(signature.admits(Method.PUT, KEY, query, 999)).isTrue();
        assertThat(signature.admits(Method.PUT, KEY, query, 1000)).isFalse();
    }

    @Test
    void admitsNothingElse() {
        String signed = signature.sign(Method.PUT, KEY, 1000);
        Query query = Query.parse(signed);
        assertThat(signature.admits(Method.DELETE, KEY, query, 0)).isFalse();
        assertThat(signature.admits(Method.PUT, new ObjectKey(BucketName.of("b"), "a"), query, 0))
                .isFalse();
        assertThat(signature.admits(Method.PUT, new ObjectKey(BucketName.of("c"), "a/ü"), query, 0))
                .isFalse();
        assertThat(new RedirectSignature("other").admits(Method.PUT, KEY, query, 0))
                .isFalse();
        String later = signed.replace("fbexp=1000", "fbexp=9999");
        assertThat(signature.admits(Method.PUT, KEY, Query.parse(later), 2000)).isFalse();
        assertThat(signature.admits(Method.PUT, KEY, Query.parse("fbexp=x&fbsig=y"), 0))
                .isFalse();
        assertThat(signature.admits(Method.PUT, KEY, Query.EMPTY, 0)).isFalse();
    }
}
