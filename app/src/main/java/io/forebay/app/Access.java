package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.Check;
import io.forebay.gateway.auth.AuthConfig;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.KeyAuthorizer;
import io.forebay.gateway.auth.OpenAuthorizer;
import io.forebay.gateway.auth.SecretSeal;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.gateway.auth.UserToken;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.sigv4.Credentials;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Who may come in: everybody, as root, or those who prove who they are.
///
/// @param users of the cluster
/// @param userKeys reads and writes the keys of users
/// @param keys the root user's, null without authentication
/// @param token the root user's for AIStore clients, null without authentication
/// @param redirects signs redirects, null without authentication
record Access(
        Authorizer authorizer,
        UserDirectory users,
        UserKeys userKeys,
        @Nullable RootKeys keys,
        @Nullable String token,
        @Nullable RedirectSignature redirects) {
    private static final int LEAST_MASTER_KEY_CHARS = 32;

    static Access of(Foundation base) {
        ServerConfig server = base.config().server();
        UserDirectory users = new UserDirectory(base.state());
        UserKeys userKeys = new UserKeys(new SecretSeal(masterKey(server.masterKeyFile(), base.secret()), "users"));
        return switch (server.auth()) {
            case OFF -> new Access(new OpenAuthorizer(), users, userKeys, null, null, null);
            case ON -> on(base, users, userKeys);
        };
    }

    private static Access on(Foundation base, UserDirectory users, UserKeys userKeys) {
        RootKeys keys = RootKeys.of(base.given(), base.folder());
        Credentials root = new Credentials(keys.accessKey(), keys.secretKey().value());
        String token = UserToken.ofRoot(root);
        base.folder().writePrivately(Banner.TOKEN_FILE, "{\"token\":\"" + token + "\"}\n");
        AuthConfig config = base.config().gateway().auth();
        return new Access(
                new KeyAuthorizer(root, users, userKeys, config, InstantSource.system(), base.metrics()),
                users,
                userKeys,
                keys,
                token,
                new RedirectSignature(base.secret().value()));
    }

    /// What secrets in the cluster state are encrypted under: of a file, or else the cluster's secret.
    private static String masterKey(@Nullable Path file, Secret clusterSecret) {
        if (file == null) {
            return clusterSecret.value();
        }
        String key = ClusterSecret.read(file);
        Check.argument(
                key.length() >= LEAST_MASTER_KEY_CHARS,
                "server.master-key-file %s holds fewer than %s characters",
                file,
                LEAST_MASTER_KEY_CHARS);
        return key;
    }
}
