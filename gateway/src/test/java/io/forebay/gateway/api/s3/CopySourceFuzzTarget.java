package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.Caller;
import io.forebay.gateway.auth.Identity;
import io.forebay.protocol.http.DirectExchange;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.MemoryBody;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import io.forebay.protocol.sigv4.PayloadForm;
import java.nio.charset.StandardCharsets;

/// `x-amz-copy-source` headers: what one names is a bucket and an object, or it is refused as the caller's fault.
public final class CopySourceFuzzTarget {
    private CopySourceFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Headers headers = new Headers().add(CopySource.HEADER, new String(input, StandardCharsets.ISO_8859_1));
        Request request = new Request(Method.PUT, "/bucket/k", headers);
        S3Call call = new S3Call(
                DirectExchange.of(request, MemoryBody.of(new byte[0])),
                Query.parse(""),
                new S3Address("bucket", "k"),
                new Identity.Known(Caller.ANONYMOUS, PayloadForm.ABSENT, null));
        try {
            CopySource source = CopySource.of(call);
            if (source.key().name().isEmpty()) {
                throw new AssertionError("a source without a name: " + source);
            }
        } catch (S3Failure e) {
            check(e);
        } catch (StoreException e) {
            check(ErrorTable.failure(e));
        }
    }

    private static void check(S3Failure failure) {
        if (failure.error().status() >= 500) {
            throw new AssertionError("the server is at fault", failure);
        }
    }
}
