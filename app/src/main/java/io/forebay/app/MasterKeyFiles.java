package io.forebay.app;

import io.forebay.common.config.Secret;
import io.forebay.common.error.Check;
import io.forebay.common.seal.MasterKeys;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The master keys of this process: those of the files that it is given, and the cluster's secret.
final class MasterKeyFiles {
    private static final int LEAST_CHARS = 32;

    private MasterKeyFiles() {}

    /// Reads them. Throws INVALID_ARGUMENT for a file that cannot be read or holds too short a key.
    static MasterKeys read(ServerConfig server, Secret clusterSecret) {
        List<Secret> others = new ArrayList<>();
        for (Path file : server.otherMasterKeyFiles()) {
            others.add(read("server.other-master-key-files", file));
        }
        Path newest = server.masterKeyFile();
        if (newest == null) {
            return new MasterKeys(clusterSecret, others);
        }
        others.add(clusterSecret);
        return new MasterKeys(read("server.master-key-file", newest), others);
    }

    private static Secret read(String setting, Path file) {
        String key = ClusterSecret.read(file);
        Check.argument(key.length() >= LEAST_CHARS, "%s %s holds fewer than %s characters", setting, file, LEAST_CHARS);
        return new Secret(key);
    }
}
