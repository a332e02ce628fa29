package io.forebay.app;

import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.model.NodeId;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/// What the nodes of this process are called and where they listened last, kept in the data folder.
///
/// A node's id is made once. The number of storage nodes is decided at the first start: no object moves between them
/// yet, so another number would leave objects where nobody looks for them.
final class Identities {
    static final String FILE = "nodes.properties";
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int ID_LENGTH = 8;

    private final DataFolder folder;
    private final FolderProperties properties;
    private final SecureRandom random = new SecureRandom();

    /// Reads the identities of a data folder.
    Identities(DataFolder folder) {
        this.folder = folder;
        this.properties = new FolderProperties(folder, FILE);
    }

    /// How many storage nodes there are: as many as the folder has, else as many as asked for, else one. Throws
    /// INVALID_ARGUMENT when the folder has another number than is asked for.
    int storageNodes(@Nullable Integer asked) {
        String known = properties.find("storage-nodes");
        if (known == null) {
            int count = asked == null ? 1 : asked;
            properties.set("storage-nodes", Integer.toString(count));
            return count;
        }
        int count = number("storage-nodes", known);
        if (asked != null && asked != count) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "data folder " + folder.path() + " was made with --storage-nodes " + count + ", not " + asked
                            + ": it keeps its number of storage nodes");
        }
        return count;
    }

    /// The id of a node of this process, made at the first call.
    NodeId id(String node) {
        String known = properties.find(node + ".id");
        if (known == null) {
            known = newId();
            properties.set(node + ".id", known);
        }
        return new NodeId(known);
    }

    /// The port on which a node listened last, or 0.
    int port(String node) {
        String known = properties.find(node + ".port");
        return known == null ? 0 : number(node + ".port", known);
    }

    void rememberPort(String node, int port) {
        if (port(node) != port) {
            properties.set(node + ".port", Integer.toString(port));
        }
    }

    private int number(String key, String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new StoreException(
                    ErrorCode.CORRUPT, folder.file(FILE) + ": " + key + " is not a number: \"" + text + "\"", e);
        }
    }

    private String newId() {
        StringBuilder id = new StringBuilder(ID_LENGTH);
        for (int index = 0; index < ID_LENGTH; index++) {
            id.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return id.toString();
    }
}
