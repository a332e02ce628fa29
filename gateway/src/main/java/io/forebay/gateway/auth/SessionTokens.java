package io.forebay.gateway.auth;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import io.forebay.protocol.sigv4.Credentials;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Temporary credentials that nobody has to remember: their token holds, sealed, everything that a gateway needs to
/// know
/// of them.
///
/// They are worth what the access key is worth by which they were made, and end with it.
public final class SessionTokens {
    /// What access keys of temporary credentials begin with, as S3's do.
    static final String PREFIX = "ASIA";

    private static final String CONTEXT = "session";
    private static final int MAX_TOKEN_CHARS = 8192;

    private final SecretSeal seal;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// @param seal of the purpose `sessions`, the same at every gateway
    public SessionTokens(SecretSeal seal, InstantSource clock) {
        this.seal = seal;
        this.clock = clock;
    }

    /// New temporary credentials.
    ///
    /// @param expires in whole seconds
    public record Made(Credentials credentials, String token, Instant expires) {
        @Override
        public String toString() {
            return "Made[" + credentials.accessKey() + ", ***]";
        }
    }

    /// What a token holds.
    ///
    /// @param maker the access key of who made them; empty where nobody had to have one
    record Opened(Credentials credentials, String maker, Caller.Session session, Instant expires) {}

    /// Makes credentials for a caller who is none of a session.
    ///
    /// @param policy narrows what they allow, as JSON; null for nothing
    public Made make(Caller caller, String sessionName, @Nullable String policy, Duration duration) {
        Credentials made = UserKeys.make(random);
        Credentials credentials =
                new Credentials(PREFIX + made.accessKey().substring(PREFIX.length()), made.secretKey());
        Instant expires = clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS);
        Map<String, Object> held = new HashMap<>(Map.of(
                "key", credentials.accessKey(),
                "secret", credentials.secretKey(),
                "maker", caller.accessKey(),
                "name", sessionName,
                "expires", expires.getEpochSecond()));
        if (policy != null) {
            held.put("policy", policy);
        }
        String text = new String(WireJson.write(held), StandardCharsets.UTF_8);
        return new Made(credentials, seal.seal(text, CONTEXT), expires);
    }

    /// What a token holds, or null when it is none of this cluster.
    @Nullable
    Opened open(String token) {
        if (token.length() > MAX_TOKEN_CHARS) {
            return null;
        }
        try {
            Map<?, ?> held = WireJson.read(seal.open(token, CONTEXT).getBytes(StandardCharsets.UTF_8), Map.class);
            Object expires = held.get("expires");
            return new Opened(
                    new Credentials(text(held, "key"), text(held, "secret")),
                    text(held, "maker"),
                    new Caller.Session(text(held, "name"), (String) held.get("policy")),
                    Instant.ofEpochSecond(expires instanceof Number seconds ? seconds.longValue() : 0));
        } catch (StoreException e) {
            return null;
        }
    }

    boolean isOver(Opened opened) {
        return !clock.instant().isBefore(opened.expires());
    }

    private static String text(Map<?, ?> held, String name) {
        return held.get(name) instanceof String text ? text : "";
    }
}
