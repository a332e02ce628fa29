package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What proves the nodes of a cluster to each other, and the token by which others join it: made where the cluster is
/// founded, kept in every data folder.
final class ClusterSecret {
    private static final String FILE = "cluster-secret";
    private static final int BYTES = 32;

    private final DataFolder folder;
    private final Secret secret;

    private ClusterSecret(DataFolder folder, Secret secret) {
        this.folder = folder;
        this.secret = secret;
    }

    /// The secret that the folder has, else the token given, else a new one where a cluster may be founded. Throws
    /// INVALID_ARGUMENT when the token is another than the folder's, unreadable, or missing.
    ///
    /// @param environment the value of FOREBAY_TOKEN
    /// @param founds whether this process founds a cluster when it has none
    static ClusterSecret of(DataFolder folder, JoinConfig join, @Nullable String environment, boolean founds) {
        String known = kept(folder);
        String given = given(join, environment);
        if (known != null) {
            Check.argument(
                    given == null || given.equals(known),
                    "the token given is not the one of data folder %s, which belongs to another cluster",
                    folder.path());
            return new ClusterSecret(folder, new Secret(known));
        }
        if (given != null) {
            return new ClusterSecret(folder, new Secret(given));
        }
        Check.argument(
                founds,
                "joining a cluster needs its token: 'forebay cluster token --data DIR' prints it where DIR is a gateway's"
                        + " data folder; give it by --token, --token-file or FOREBAY_TOKEN");
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        ClusterSecret made = new ClusterSecret(folder, new Secret(HexFormat.of().formatHex(random)));
        made.keep();
        return made;
    }

    /// The secret that a folder keeps, or null.
    static @Nullable String kept(DataFolder folder) {
        String text = folder.read(FILE);
        return text == null || text.isBlank() ? null : text.strip();
    }

    /// The secret that the data folder of a process keeps, which may be running. Throws INVALID_ARGUMENT when there is
    /// none.
    static String keptIn(Path folder) {
        Path file = folder.resolve(FILE);
        Check.argument(Files.exists(file), "folder %s is no data folder of a cluster: it has no %s", folder, FILE);
        return read(file);
    }

    Secret secret() {
        return secret;
    }

    /// Notes it in the data folder: only when the cluster has accepted it, so that a wrong token can be corrected.
    void keep() {
        if (kept(folder) == null) {
            folder.writePrivately(FILE, secret.value() + "\n");
        }
    }

    private static @Nullable String given(JoinConfig join, @Nullable String environment) {
        Secret token = join.token();
        Path file = join.tokenFile();
        String text = token != null ? token.value() : file != null ? read(file) : environment;
        if (text == null || text.isBlank()) {
            return null;
        }
        String plain = text.strip().toLowerCase(Locale.ROOT);
        Check.argument(plain.matches("[0-9a-f]{32,128}"), "the token is not one: it has 64 hexadecimal digits");
        return plain;
    }

    /// The token that a file holds. Throws INVALID_ARGUMENT when it cannot be read.
    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "cannot read token file " + file + ": " + e.getMessage(), e);
        }
    }
}
