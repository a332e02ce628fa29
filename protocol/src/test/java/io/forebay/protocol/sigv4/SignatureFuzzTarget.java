package io.forebay.protocol.sigv4;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Signatures of requests, of version 4 and 2: `METHOD target`, then a header a line. Nothing that was not signed
/// with the right secret is ever taken for right, and the answer is never an accident.
public final class SignatureFuzzTarget {
    /// When the kept inputs were signed, with the secret `secret` of the key `KEY`.
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-04T05:06:07Z"));

    private static final Duration SKEW = Duration.ofMinutes(15);
    private static final SigV4Verifier NEW = new SigV4Verifier(CLOCK, SKEW, 16);
    private static final SigV2Verifier OLD = new SigV2Verifier(CLOCK, SKEW);

    private SignatureFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        Request request = request(new String(input, StandardCharsets.ISO_8859_1));
        Query query;
        try {
            query = Query.parse(request.rawQuery());
        } catch (StoreException e) {
            return;
        }
        Verification first = NEW.verify(request, query, key -> key.equals("KEY") ? "secret" : null);
        Verification again = NEW.verify(request, query, key -> key.equals("KEY") ? "secret" : null);
        if (!first.getClass().equals(again.getClass())) {
            throw new AssertionError(first + " and then " + again);
        }
        refused(NEW.verify(request, query, key -> "another"));
        if (SigV2Verifier.isAsked(request, query)) {
            refused(OLD.verify(request, query, "", key -> "another"));
        }
    }

    private static void refused(Verification verification) {
        if (verification instanceof Verification.Verified) {
            throw new AssertionError("taken with a wrong secret: " + verification);
        }
    }

    private static Request request(String text) {
        String[] lines = text.split("\n", -1);
        int blank = Math.max(0, lines[0].indexOf(' '));
        Headers headers = new Headers();
        for (int index = 1; index < lines.length; index++) {
            int colon = lines[index].indexOf(':');
            if (colon > 0) {
                headers.add(
                        lines[index].substring(0, colon),
                        lines[index].substring(colon + 1).strip());
            }
        }
        return new Request(
                method(lines[0].substring(0, blank)), lines[0].substring(blank).strip(), headers);
    }

    private static Method method(String name) {
        for (Method method : Method.values()) {
            if (method.name().equals(name)) {
                return method;
            }
        }
        return Method.GET;
    }
}
