package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The CORS configuration of a bucket: rules, of which the first that allows a request counts.
///
/// Stored as its document, without a namespace.
record CorsRules(List<CorsRule> rules) {
    private static final String ROOT = "CORSConfiguration";
    private static final int MAX_RULES = 100;
    private static final String ORIGIN = "Origin";
    private static final String ASKED_METHOD = "Access-Control-Request-Method";
    private static final String ASKED_HEADERS = "Access-Control-Request-Headers";

    /// Reads a `CORSConfiguration` document. Throws MalformedXML or InvalidRequest.
    static CorsRules read(XmlElement configuration) {
        List<CorsRule> rules = new ArrayList<>();
        for (XmlElement rule : configuration.all("CORSRule")) {
            rules.add(CorsRule.read(rule));
        }
        if (rules.isEmpty() || rules.size() > MAX_RULES) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        return new CorsRules(rules);
    }

    /// Reads what was stored.
    static CorsRules parse(String text) {
        return read(XmlReader.read(text.getBytes(StandardCharsets.UTF_8), ROOT));
    }

    String text() {
        return new String(write(XmlWriter.plain(ROOT)).bytes(), StandardCharsets.UTF_8);
    }

    XmlWriter document() {
        return write(XmlWriter.of(ROOT));
    }

    private XmlWriter write(XmlWriter xml) {
        rules.forEach(rule -> rule.write(xml));
        return xml;
    }

    /// Whether a request comes from a page of some origin.
    static boolean isAsked(Request request) {
        return request.headers().contains(ORIGIN);
    }

    /// Holds a preflight to what every one has. Throws InvalidRequest.
    static void checkPreflight(Request request) {
        if (!isAsked(request)) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Insufficient information. Origin request header needed.");
        }
        String method = request.headers().find(ASKED_METHOD);
        if (method == null || method.isBlank()) {
            throw new S3Failure(S3Error.INVALID_REQUEST, "Invalid Access-Control-Request-Method: " + method);
        }
    }

    /// Adds what a browser needs to pass an answer on to the page; nothing when no rule allows that. False then.
    boolean addTo(Request request, Headers reply) {
        Headers headers = request.headers();
        String origin = headers.find(ORIGIN, "");
        String method = headers.find(ASKED_METHOD, request.method().name());
        String asked = request.method() == Method.OPTIONS ? headers.find(ASKED_HEADERS) : null;
        for (CorsRule rule : rules) {
            if (rule.allows(origin, method, asked)) {
                rule.addTo(reply, origin, asked);
                reply.add("Vary", ORIGIN + ", " + ASKED_HEADERS + ", " + ASKED_METHOD);
                return true;
            }
        }
        return false;
    }
}
