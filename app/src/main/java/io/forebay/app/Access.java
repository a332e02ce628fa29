package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.RootAuthorizer;
import io.forebay.gateway.auth.RootToken;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.sigv4.Credentials;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Who may do what: everybody everything, or the root user alone.
///
/// @param keys the root user's, null without authentication
/// @param token the root user's for AIStore clients, null without authentication
/// @param redirects signs redirects, null without authentication
record Access(
        Authorizer authorizer,
        @Nullable RootKeys keys,
        @Nullable String token,
        @Nullable RedirectSignature redirects) {
    /// S3's own bound on how far a client's clock may be off.
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);

    static Access of(ServerConfig.Auth auth, GivenKeys given, DataFolder folder, Secret clusterSecret) {
        return switch (auth) {
            case OFF -> new Access(new OpenAuthorizer(), null, null, null);
            case ON -> on(RootKeys.of(given, folder), folder, clusterSecret);
        };
    }

    private static Access on(RootKeys keys, DataFolder folder, Secret clusterSecret) {
        Credentials credentials =
                new Credentials(keys.accessKey(), keys.secretKey().value());
        String token = RootToken.of(credentials);
        folder.writePrivately(Banner.TOKEN_FILE, "{\"token\":\"" + token + "\"}\n");
        return new Access(
                new RootAuthorizer(credentials, InstantSource.system(), MAX_SKEW),
                keys,
                token,
                new RedirectSignature(clusterSecret.value()));
    }
}
