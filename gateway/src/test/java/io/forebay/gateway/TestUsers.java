package io.forebay.gateway;

import io.forebay.cluster.state.Applied;
import io.forebay.cluster.state.Command;
import io.forebay.cluster.state.User;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.CurrentState;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.config.Settings;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.seal.MasterKeys;
import io.forebay.gateway.auth.AuthConfig;
import io.forebay.gateway.auth.KeyAuthorizer;
import io.forebay.gateway.auth.SecretSeal;
import io.forebay.gateway.auth.SessionTokens;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.protocol.sigv4.Credentials;
import java.time.InstantSource;
import java.util.List;

/// Users of clusters under test, and authentication by their keys.
public final class TestUsers {
    private static final String MASTER_KEY = "the master key of clusters under test";

    public static final UserKeys KEYS = new UserKeys(new SecretSeal(MasterKeys.of(MASTER_KEY), "users"));

    private TestUsers() {}

    /// Root, and nobody else.
    public static KeyAuthorizer root(Credentials root, InstantSource clock) {
        return of(root, new CurrentState(), clock, new Metrics());
    }

    /// Root, and the users of the cluster.
    public static KeyAuthorizer of(Credentials root, StateWatch state, InstantSource clock, Metrics metrics) {
        return of(root, state, clock, metrics, false);
    }

    /// As `of`, where signatures of version 2 are accepted.
    public static KeyAuthorizer withOldSignatures(Credentials root, StateWatch state, InstantSource clock) {
        return of(root, state, clock, new Metrics(), true);
    }

    private static KeyAuthorizer of(
            Credentials root, StateWatch state, InstantSource clock, Metrics metrics, boolean old) {
        return new KeyAuthorizer(
                new KeyAuthorizer.Known(root, new UserDirectory(state), KEYS, sessions(clock)),
                Settings.defaults(AuthConfig.class),
                new KeyAuthorizer.OldSignatures(old, List.of("localhost")),
                clock,
                metrics);
    }

    /// Makes temporary credentials, and knows those that others made.
    public static SessionTokens sessions(InstantSource clock) {
        return new SessionTokens(new SecretSeal(MasterKeys.of(MASTER_KEY), "sessions"), clock);
    }

    /// Adds a user whose id is `id-NAME`.
    public static Credentials add(CommandLog log, String name, boolean administrator) {
        Credentials keys = new Credentials("KEY-" + name, "secret of " + name);
        String id = "id-" + name;
        Applied applied = log.submit(
                new Command.AddUser(new User(name, id, 1, administrator, true, List.of(KEYS.sealed(keys, id, 1)))));
        if (!(applied instanceof Applied.Changed)) {
            throw new IllegalStateException("user " + name + " was not added: " + applied);
        }
        return keys;
    }
}
