package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Query;
import io.forebay.protocol.http.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a request's signature out of its `Authorization` header or its query, strictly.
final class SignatureReader {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String ASYMMETRIC = "AWS4-ECDSA-P256-SHA256";
    private static final long MAX_EXPIRES_SECONDS = 604_800;
    private static final String QUERY_RULE = "Query-string authentication version 4 requires the X-Amz-Algorithm,"
            + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.";

    private SignatureReader() {}

    /// Null for a request that carries no signature at all.
    ///
    /// @param service that the scope has to name
    static @Nullable RequestSignature read(Request request, Query query, String service) {
        String authorization = request.headers().find("Authorization");
        boolean inHeader = authorization != null && !authorization.isBlank();
        boolean inQuery = query.contains("X-Amz-Algorithm")
                || query.contains("X-Amz-Signature")
                || query.contains("X-Amz-Credential");
        boolean oldQuery = query.contains("AWSAccessKeyId") && query.contains("Signature");
        if (inHeader && (inQuery || oldQuery)) {
            throw new RefusedSignature(SignatureFault.TWO_MECHANISMS, "Only one auth mechanism allowed");
        }
        if (oldQuery && !inQuery) {
            throw oldVersion();
        }
        if (inQuery) {
            return readQuery(query, service);
        }
        return inHeader && authorization != null ? readHeader(request.headers(), authorization.strip(), service) : null;
    }

    private static RequestSignature readHeader(Headers headers, String authorization, String service) {
        int blank = authorization.indexOf(' ');
        String scheme = blank < 0 ? authorization : authorization.substring(0, blank);
        switch (scheme) {
            case ALGORITHM -> {
                // Read below.
            }
            case "AWS" -> throw oldVersion();
            case ASYMMETRIC -> throw asymmetric();
            default -> throw new RefusedSignature(SignatureFault.UNKNOWN_SCHEME, "Unsupported Authorization Type");
        }
        Components given = Components.parse(blank < 0 ? "" : authorization.substring(blank + 1));
        CredentialScope scope = CredentialScope.parse(given.credential());
        if (scope == null || !scope.service().equals(service)) {
            throw malformed("The authorization header is malformed; the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/" + service + "/aws4_request\".");
        }
        Instant time = headerTime(headers);
        if (!AmzTime.basic(time).startsWith(scope.date())) {
            throw new RefusedSignature(
                    SignatureFault.MISMATCH,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP");
        }
        return new RequestSignature(false, scope, names(given.signedHeaders()), given.signature(), time, 0);
    }

    /// The three components of an `Authorization` header behind its scheme.
    private record Components(String credential, String signedHeaders, String signature) {
        static Components parse(String rest) {
            String credential = "";
            String signedHeaders = "";
            String signature = "";
            for (int from = 0; from < rest.length(); ) {
                int end = rest.indexOf(',', from);
                end = end < 0 ? rest.length() : end;
                String part = rest.substring(from, end).strip();
                int equals = part.indexOf('=');
                String value = equals < 0 ? "" : part.substring(equals + 1).strip();
                switch (equals < 0 ? part : part.substring(0, equals).strip()) {
                    case "Credential" -> credential = value;
                    case "SignedHeaders" -> signedHeaders = value;
                    case "Signature" -> signature = value;
                    default ->
                        throw malformed("The authorization header is malformed; the part \"" + part + "\" is unknown.");
                }
                from = end + 1;
            }
            if (credential.isEmpty() || signedHeaders.isEmpty() || signature.isEmpty()) {
                throw malformed("The authorization header is malformed; the authorization header requires three"
                        + " components: Credential, SignedHeaders, and Signature.");
            }
            return new Components(credential, signedHeaders, signature);
        }
    }

    private static Instant headerTime(Headers headers) {
        String text = headers.find("x-amz-date");
        if (text == null || text.isBlank()) {
            text = headers.find("Date");
        }
        Instant time = text == null ? null : AmzTime.parse(text.strip());
        if (time == null) {
            throw new RefusedSignature(
                    SignatureFault.DATE_MISSING, "AWS authentication requires a valid Date or x-amz-date header");
        }
        return time;
    }

    private static RequestSignature readQuery(Query query, String service) {
        String algorithm = required(query, "X-Amz-Algorithm");
        String credential = required(query, "X-Amz-Credential");
        String signature = required(query, "X-Amz-Signature");
        String date = required(query, "X-Amz-Date");
        String signedHeaders = required(query, "X-Amz-SignedHeaders");
        String expires = required(query, "X-Amz-Expires");
        if (algorithm.equals(ASYMMETRIC)) {
            throw asymmetric();
        }
        if (!algorithm.equals(ALGORITHM)) {
            throw queryError("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
        }
        CredentialScope scope = CredentialScope.parse(credential);
        if (scope == null || !scope.service().equals(service)) {
            throw queryError("Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/" + service + "/aws4_request\".");
        }
        Instant time = AmzTime.parseBasic(date);
        if (time == null) {
            throw queryError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
        }
        if (!date.startsWith(scope.date())) {
            throw queryError("Error parsing the X-Amz-Credential parameter; incorrect date \"" + scope.date()
                    + "\". This date must match that of X-Amz-Date.");
        }
        return new RequestSignature(true, scope, names(signedHeaders), signature, time, expires(expires));
    }

    private static String required(Query query, String name) {
        String value = query.find(name);
        if (value == null || value.isEmpty()) {
            throw queryError(QUERY_RULE);
        }
        return value;
    }

    /// A request that was to end before it was signed has expired: that is for the check of the time.
    private static long expires(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw queryError("X-Amz-Expires should be a number");
        }
        if (seconds > MAX_EXPIRES_SECONDS) {
            throw queryError("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires"
                    + " must be less than " + MAX_EXPIRES_SECONDS + " seconds");
        }
        return Math.max(-1, seconds);
    }

    private static List<String> names(String text) {
        List<String> names = new ArrayList<>(8);
        for (int from = 0; from <= text.length(); ) {
            int end = text.indexOf(';', from);
            end = end < 0 ? text.length() : end;
            if (end > from) {
                names.add(text.substring(from, end).strip().toLowerCase(Locale.ROOT));
            }
            from = end + 1;
        }
        return names;
    }

    private static RefusedSignature malformed(String message) {
        return new RefusedSignature(SignatureFault.AUTHORIZATION_MALFORMED, message);
    }

    private static RefusedSignature queryError(String message) {
        return new RefusedSignature(SignatureFault.QUERY_MALFORMED, message);
    }

    private static RefusedSignature oldVersion() {
        return new RefusedSignature(
                SignatureFault.OLD_VERSION,
                "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
    }

    private static RefusedSignature asymmetric() {
        return new RefusedSignature(
                SignatureFault.FORM_UNSUPPORTED, "Signatures by AWS4-ECDSA-P256-SHA256 are not implemented");
    }
}
