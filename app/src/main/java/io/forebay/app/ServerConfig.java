package io.forebay.app;

import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Settings of the process: what `forebay server` takes as options too.
public record ServerConfig(
        @Setting("Folder of everything that is kept (`--data`).") @Default("./data")
        Path data,

        @Setting("Address of the data port, which speaks AIStore and S3 (`--listen`).") @Default("127.0.0.1:8080")
        String listen,

        @Setting("Address of the control port: health, metrics, configuration (`--control`).")
        @Default("127.0.0.1:8081")
        String control,

        @Setting("Host by which clients reach the data ports; without it, the host of `server.listen`.") @Nullable
        String advertise,

        @Setting("Number of storage nodes in the process, 1 to 32 (`--storage-nodes`); decided at the first start,"
                + " where it is 1 unless given.")
        @Nullable
        String storageNodes,

        @Setting("Folders of the volumes, one a disk, separated by commas (`--volume`, repeatable); without any, one"
                + " inside the data folder. Each is added to the volumes that the node has; with several storage nodes,"
                + " each node uses a folder of its name inside every one.")
        @Nullable
        String volumes,

        @Setting("Whether callers must prove who they are (`--auth`).") @Default("off")
        Auth auth,

        @Setting("File of users that are to be there, each a line `NAME ACCESS_KEY SECRET_KEY` or the same with `admin`"
                + " behind it. They are added when the process starts; others are added by `forebay user add`.")
        @Nullable
        Path usersFile,

        @Setting(
                "File of the master key, under which the secrets of users are encrypted in the cluster state, and the keys"
                        + " of encrypted objects on the volumes: 32 characters or more, the same at every node. Without it the"
                        + " cluster's secret is the master key.")
        @Nullable
        Path masterKeyFile,

        @Setting(
                "Files of other master keys, under which what is there may be encrypted: earlier ones, and the next one"
                        + " while the nodes change to it. The cluster's secret is one of them always.")
        List<Path> otherMasterKeyFiles,

        @Setting("Whether ports without authentication may listen beyond loopback (`--insecure`).") @Default("false")
        boolean insecure,

        @Setting("How the gateway calls the storage nodes of its own process that have a port: by a plain call, or"
                + " over the network as if they were elsewhere.")
        @Default("direct")
        NodeCalls nodeCalls,

        @Setting("How long a request that comes while the process starts waits for it, before the answer is 503.")
        @Default("10s")
        Duration startPatience) {
    public enum NodeCalls {
        DIRECT,
        NETWORK
    }

    public enum Auth {
        ON,
        OFF
    }

    public ServerConfig {
        Check.argument(
                storageNodes == null || storageNodes.matches("[1-9]|[12]\\d|3[0-2]"),
                "storage-nodes \"%s\" is not a number from 1 to 32",
                storageNodes);
        otherMasterKeyFiles = List.copyOf(otherMasterKeyFiles);
        Check.argument(!startPatience.isNegative(), "start-patience must not be negative");
    }

    List<Path> volumeFolders() {
        if (volumes == null) {
            return List.of();
        }
        return Arrays.stream(volumes.split(","))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
    }

    @Nullable
    Integer storageNodeCount() {
        return storageNodes == null ? null : Integer.valueOf(storageNodes);
    }
}
