package io.forebay.app;

import io.forebay.common.config.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What proves a gateway to a storage node: made at the first start, kept in the data folder.
final class ClusterSecret {
    private static final String FILE = "cluster-secret";
    private static final int BYTES = 32;

    private ClusterSecret() {}

    static Secret of(DataFolder folder) {
        String known = folder.read(FILE);
        if (known != null && !known.isBlank()) {
            return new Secret(known.strip());
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        folder.writePrivately(FILE, made + "\n");
        return new Secret(made);
    }
}
