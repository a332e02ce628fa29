package io.forebay.app;

import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.List;
import java.util.stream.Stream;

/// What a data folder remembers of its cluster: what it is in it, the cluster's id, and where its gateways were last.
final class ClusterMemory {
    private static final String FILE = "cluster.properties";
    private static final String ROLE = "role";
    private static final String CLUSTER = "cluster-id";
    private static final String GATEWAYS = "gateways";
    private static final String VOTES = "votes";

    private final DataFolder folder;
    private final FolderProperties properties;

    /// Throws INVALID_ARGUMENT when the folder belongs to a process of another role.
    ClusterMemory(DataFolder folder, ServerRole role) {
        this.folder = folder;
        this.properties = new FolderProperties(folder, FILE);
        String known = properties.find(ROLE, folder.read(Identities.FILE) == null ? "" : "server");
        if (known.isEmpty()) {
            properties.set(ROLE, role.text());
            return;
        }
        for (ServerRole other : ServerRole.values()) {
            Check.argument(
                    other == role || !other.text().equals(known),
                    "data folder %s belongs to %s, not to %s",
                    folder.path(),
                    other.words(),
                    role.words());
        }
        Check.argument(role.text().equals(known), "%s: unknown role \"%s\"", folder.file(FILE), known);
    }

    /// The cluster's id, or empty before it is known.
    String clusterId() {
        return properties.find(CLUSTER, "");
    }

    /// Throws IN_USE when the folder is another cluster's.
    void check(String id) {
        String known = clusterId();
        if (!known.isEmpty() && !known.equals(id)) {
            throw new StoreException(
                    ErrorCode.IN_USE,
                    "data folder " + folder.path() + " belongs to cluster " + known + ", and the gateways lead cluster "
                            + id);
        }
    }

    /// Takes the folder for that cluster's. Throws IN_USE when it is another's already.
    void rememberCluster(String id) {
        check(id);
        properties.set(CLUSTER, id);
    }

    /// Whether this gateway votes on the order of commands, as far as it knows.
    boolean votes() {
        return "true".equals(properties.find(VOTES));
    }

    void rememberVote() {
        properties.set(VOTES, "true");
    }

    /// The control URLs that gateways of the cluster had last.
    List<String> gateways() {
        return Stream.of(properties.find(GATEWAYS, "").split(","))
                .filter(url -> !url.isEmpty())
                .toList();
    }

    void rememberGateways(List<String> urls) {
        properties.set(GATEWAYS, String.join(",", urls));
    }
}
