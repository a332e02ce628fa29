package io.forebay.gateway.api.object;

import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import io.forebay.gateway.core.Objects;
import io.forebay.protocol.api.AisQuery;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.Payload;
import io.forebay.protocol.http.Reply;
import io.forebay.protocol.http.Request;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Sends an AIStore client to the storage node that owns its object (`ais/prxred.go`).
public final class Redirects {
    private final NodeId self;
    private final @Nullable RedirectSignature signature;
    private final long lifetimeMillis;
    private final InstantSource clock;
    private final LongAdder redirected;

    /// @param signature signs redirects where callers have to authenticate, else null
    /// @param lifetime how long a signed redirect is valid
    /// @param redirected counts the redirects
    public Redirects(
            NodeId self,
            @Nullable RedirectSignature signature,
            Duration lifetime,
            InstantSource clock,
            LongAdder redirected) {
        this.self = self;
        this.signature = signature;
        this.lifetimeMillis = lifetime.toMillis();
        this.clock = clock;
        this.redirected = redirected;
    }

    /// The request's own path and query at the owner: `301` for GET, else `307`, which has the body sent again.
    ///
    /// @param secure whether the client speaks HTTPS, which the owner then does too
    Reply to(Objects.Location location, Request request, ObjectKey key, boolean secure) {
        Instant now = clock.instant();
        StringBuilder target = target(location, request, now, secure);
        if (signature != null) {
            target.append('&').append(signature.sign(request.method(), key, now.toEpochMilli() + lifetimeMillis));
        }
        return reply(request.method() == Method.GET ? 301 : 307, target);
    }

    /// As the other, of a request whose body says what is wanted: it is sent again. Only where nobody has to
    /// authenticate.
    Reply withBody(Objects.Location location, Request request, boolean secure) {
        return reply(307, target(location, request, clock.instant(), secure));
    }

    private StringBuilder target(Objects.Location location, Request request, Instant now, boolean secure) {
        long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        StringBuilder target = new StringBuilder(256);
        target.append(location.owner().dataUrl(secure)).append(request.target());
        target.append(request.target().indexOf('?') < 0 ? '?' : '&');
        target.append(AisQuery.GATEWAY_ID).append('=').append(self);
        target.append('&').append(AisQuery.UTM).append('=').append(Long.toString(nanos, 36));
        target.append('&').append(AisQuery.STATE_VERSION).append('=').append(location.stateVersion());
        return target;
    }

    private Reply reply(int status, StringBuilder target) {
        redirected.increment();
        return new Reply(status, new Headers().add("Location", target.toString()), Payload.none());
    }
}
