package io.forebay.app;

import io.forebay.common.seal.MasterKeys;
import io.forebay.gateway.GatewayConfig;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.KeyAuthorizer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.SecretSeal;
import io.forebay.gateway.auth.SessionTokens;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.gateway.auth.UserToken;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.sigv4.Credentials;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Who may come in: everybody, as root, or those who prove who they are.
///
/// @param users of the cluster
/// @param userKeys reads and writes the keys of users
/// @param sessions makes temporary credentials
/// @param keys the root user's, null without authentication
/// @param token the root user's for AIStore clients, null without authentication
/// @param redirects signs redirects, null without authentication
record Access(
        Authorizer authorizer,
        UserDirectory users,
        UserKeys userKeys,
        SessionTokens sessions,
        @Nullable RootKeys keys,
        @Nullable String token,
        @Nullable RedirectSignature redirects) {
    static Access of(Foundation base) {
        ServerConfig server = base.config().server();
        MasterKeys masterKeys = base.masterKeys();
        UserDirectory users = new UserDirectory(base.state());
        UserKeys userKeys = new UserKeys(new SecretSeal(masterKeys, "users"));
        SessionTokens sessions = new SessionTokens(new SecretSeal(masterKeys, "sessions"), InstantSource.system());
        return switch (server.auth()) {
            case OFF -> new Access(new OpenAuthorizer(), users, userKeys, sessions, null, null, null);
            case ON -> on(base, users, userKeys, sessions);
        };
    }

    private static Access on(Foundation base, UserDirectory users, UserKeys userKeys, SessionTokens sessions) {
        RootKeys keys = RootKeys.of(base.given(), base.folder());
        Credentials root = new Credentials(keys.accessKey(), keys.secretKey().value());
        String token = UserToken.ofRoot(root);
        base.folder().writePrivately(Banner.TOKEN_FILE, "{\"token\":\"" + token + "\"}\n");
        GatewayConfig gateway = base.config().gateway();
        KeyAuthorizer authorizer = new KeyAuthorizer(
                new KeyAuthorizer.Known(root, users, userKeys, sessions),
                gateway.auth(),
                new KeyAuthorizer.OldSignatures(
                        gateway.s3().sigv2(), gateway.s3().domains()),
                InstantSource.system(),
                base.metrics());
        return new Access(
                authorizer,
                users,
                userKeys,
                sessions,
                keys,
                token,
                new RedirectSignature(base.secret().value()));
    }
}
