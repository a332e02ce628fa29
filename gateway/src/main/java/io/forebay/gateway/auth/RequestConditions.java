package io.forebay.gateway.auth;

import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.policy.RequestContext;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the conditions of policies may look at of a request: the connection, the headers, the query, the caller, and of
/// an object its tags.
///
/// The address is that of the connection. A client can write anything into `X-Forwarded-For`, which is not looked at.
final class RequestConditions implements RequestContext {
    private static final String OWN = "s3:";
    private static final String HEADER_KEY = "s3:x-amz-";
    private static final String COPY_SOURCE = "s3:x-amz-copy-source";
    private static final String EXISTING_TAG = "s3:existingobjecttag/";
    private static final String REQUEST_TAG = "s3:requestobjecttag/";
    private static final String SIGNATURE = "X-Amz-Signature";

    private final Ask ask;
    private final Instant now;
    private final @Nullable ObjectAccess object;
    private @Nullable Query query;

    /// @param object what the request is about, where that is known
    RequestConditions(Ask ask, Instant now, @Nullable ObjectAccess object) {
        this.ask = ask;
        this.now = now;
        this.object = object;
    }

    @Override
    public List<String> values(String key) {
        if (key.equals("s3:requestobjecttagkeys")) {
            return List.copyOf(ask.tags().keySet());
        }
        String value = value(key);
        return value == null ? List.of() : List.of(value);
    }

    private @Nullable String value(String key) {
        if (key.startsWith(EXISTING_TAG)) {
            return object == null ? null : find(object.tags(), key.substring(EXISTING_TAG.length()));
        }
        if (key.startsWith(REQUEST_TAG)) {
            return find(ask.tags(), key.substring(REQUEST_TAG.length()));
        }
        if (key.equals(COPY_SOURCE)) {
            return copySource();
        }
        if (key.startsWith(HEADER_KEY)) {
            return lines(key.substring(OWN.length()));
        }
        boolean anonymous = ask.caller().isAnonymous();
        return switch (key) {
            case "aws:sourceip" -> address();
            case "aws:securetransport" -> Boolean.toString(ask.exchange().secure());
            case "aws:currenttime" -> now.toString();
            case "aws:epochtime" -> Long.toString(now.getEpochSecond());
            case "aws:useragent" -> header("User-Agent");
            case "aws:referer" -> header("Referer");
            case "aws:username" -> anonymous ? null : ask.caller().name();
            case "aws:userid" -> anonymous ? null : ask.caller().userId();
            case "aws:principaltype" -> anonymous ? "Anonymous" : "User";
            case "aws:principalarn" -> anonymous ? null : ask.caller().account().arn();
            case "s3:prefix" -> prefix();
            case "s3:delimiter", "s3:max-keys" -> parameter(key.substring(OWN.length()));
            case "s3:versionid" -> parameter("versionId");
            case "s3:authtype" -> authType();
            case "s3:signatureversion" -> anonymous ? null : "AWS4-HMAC-SHA256";
            case "s3:if-match" -> header("If-Match");
            case "s3:if-none-match" -> header("If-None-Match");
            default -> null;
        };
    }

    /// Tag keys have their case; condition keys have none.
    private static @Nullable String find(Map<String, String> tags, String lower) {
        for (Map.Entry<String, String> tag : tags.entrySet()) {
            if (tag.getKey().equalsIgnoreCase(lower)) {
                return tag.getValue();
            }
        }
        return null;
    }

    private @Nullable String address() {
        InetAddress address = ask.exchange().remote().getAddress();
        return address == null ? null : address.getHostAddress();
    }

    /// A listing's; whether one may know of an object is asked as if it were listed alone.
    private @Nullable String prefix() {
        return ask.action() == Action.LIST_BUCKET && !ask.key().isEmpty() ? ask.key() : parameter("prefix");
    }

    private @Nullable String authType() {
        if (ask.caller().isAnonymous()) {
            return null;
        }
        return query().contains(SIGNATURE) ? "REST-QUERY-STRING" : "REST-HEADER";
    }

    /// However it is written, which the client chooses.
    private @Nullable String copySource() {
        String value = lines(COPY_SOURCE.substring(OWN.length()));
        if (value == null) {
            return null;
        }
        String path = value.startsWith("/") ? value.substring(1) : value;
        try {
            return PercentCode.decode(path);
        } catch (StoreException e) {
            return path;
        }
    }

    /// Every line of that name, as if it were one: what is repeated must not hide behind the first.
    private @Nullable String lines(String name) {
        List<String> lines = ask.headers().all(name);
        return lines.isEmpty() ? null : String.join(",", lines);
    }

    private @Nullable String header(String name) {
        return ask.headers().find(name);
    }

    private @Nullable String parameter(String name) {
        return query().find(name);
    }

    private Query query() {
        Query known = query;
        if (known == null) {
            known = ask.exchange().request().query();
            query = known;
        }
        return known;
    }
}
