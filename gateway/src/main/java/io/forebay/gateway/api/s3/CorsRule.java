package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One rule of a bucket's CORS configuration: which pages of other origins may ask for what.
///
/// @param id empty for none
/// @param maxAgeSeconds how long a browser may remember the answer; negative when nothing is said
record CorsRule(
        String id,
        List<String> origins,
        List<String> methods,
        List<String> requestHeaders,
        List<String> exposedHeaders,
        long maxAgeSeconds) {
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");
    private static final String ANY = "*";

    /// Reads a `CORSRule`. Throws MalformedXML or InvalidRequest.
    static CorsRule read(XmlElement rule) {
        List<String> origins = texts(rule, "AllowedOrigin");
        List<String> methods = texts(rule, "AllowedMethod");
        List<String> requestHeaders = texts(rule, "AllowedHeader");
        List<String> exposedHeaders = texts(rule, "ExposeHeader");
        if (origins.isEmpty() || methods.isEmpty()) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        for (String method : methods) {
            if (!METHODS.contains(method)) {
                throw new S3Failure(
                        S3Error.INVALID_REQUEST,
                        "Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        requireWildcards(origins, "AllowedOrigin", 1);
        requireWildcards(requestHeaders, "AllowedHeader", 1);
        requireWildcards(exposedHeaders, "ExposeHeader", 0);
        String age = rule.findText("MaxAgeSeconds");
        String id = rule.findText("ID");
        return new CorsRule(
                id == null ? "" : id, origins, methods, requestHeaders, exposedHeaders, age == null ? -1 : number(age));
    }

    private static List<String> texts(XmlElement rule, String name) {
        List<String> texts = new ArrayList<>();
        for (XmlElement element : rule.all(name)) {
            texts.add(element.text().strip());
        }
        return texts;
    }

    private static void requireWildcards(List<String> texts, String name, int most) {
        for (String text : texts) {
            if (text.chars().filter(c -> c == '*').count() > most) {
                throw new S3Failure(
                        S3Error.INVALID_REQUEST,
                        name + " \"" + text + "\" "
                                + (most == 0
                                        ? "contains wildcard. We currently do not support wildcard for " + name + "."
                                        : "can not have more than one wildcard."));
            }
        }
    }

    private static long number(String text) {
        try {
            return Integer.parseUnsignedInt(text.strip());
        } catch (NumberFormatException e) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
    }

    void write(XmlWriter xml) {
        xml.open("CORSRule");
        if (!id.isEmpty()) {
            xml.element("ID", id);
        }
        requestHeaders.forEach(header -> xml.element("AllowedHeader", header));
        methods.forEach(method -> xml.element("AllowedMethod", method));
        origins.forEach(origin -> xml.element("AllowedOrigin", origin));
        exposedHeaders.forEach(header -> xml.element("ExposeHeader", header));
        if (maxAgeSeconds >= 0) {
            xml.element("MaxAgeSeconds", maxAgeSeconds);
        }
        xml.close();
    }

    /// Whether a page of that origin may use that method, with those headers if it asks for them.
    ///
    /// @param asked the value of `Access-Control-Request-Headers`, or null
    boolean allows(String origin, String method, @Nullable String asked) {
        return methods.contains(method)
                && origins.stream().anyMatch(pattern -> matches(pattern, origin))
                && (asked == null || asked.isBlank() || allowsHeaders(asked));
    }

    private boolean allowsHeaders(String asked) {
        for (String header : asked.split(",", -1)) {
            String name = header.strip().toLowerCase(Locale.ROOT);
            if (requestHeaders.stream().noneMatch(pattern -> matches(pattern.toLowerCase(Locale.ROOT), name))) {
                return false;
            }
        }
        return true;
    }

    /// Tells a browser what it may do. `asked` as for `allows`.
    void addTo(Headers reply, String origin, @Nullable String asked) {
        boolean any = origins.contains(ANY);
        reply.add("Access-Control-Allow-Origin", any ? ANY : origin)
                .add("Access-Control-Allow-Methods", String.join(", ", methods));
        if (asked != null && !asked.isBlank()) {
            reply.add("Access-Control-Allow-Headers", asked.strip().toLowerCase(Locale.ROOT));
        }
        if (!exposedHeaders.isEmpty()) {
            reply.add("Access-Control-Expose-Headers", String.join(", ", exposedHeaders));
        }
        if (maxAgeSeconds >= 0) {
            reply.add("Access-Control-Max-Age", maxAgeSeconds);
        }
        if (!any) {
            reply.add("Access-Control-Allow-Credentials", "true");
        }
    }

    /// Whether a text is what a pattern with up to one `*` stands for.
    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        String before = pattern.substring(0, star);
        String behind = pattern.substring(star + 1);
        return text.length() >= before.length() + behind.length() && text.startsWith(before) && text.endsWith(behind);
    }
}
