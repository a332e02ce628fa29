package io.forebay.storage;

import io.forebay.common.config.DataSize;
import io.forebay.common.config.Default;
import io.forebay.common.config.Setting;
import io.forebay.common.error.Check;
import io.forebay.storage.archive.ArchiveConfig;
import io.forebay.storage.batch.BatchConfig;
import io.forebay.storage.crypto.EncryptionConfig;
import io.forebay.storage.lifecycle.LifecycleConfig;
import io.forebay.storage.notification.NotificationConfig;
import io.forebay.storage.object.StoreConfig;
import io.forebay.storage.peer.PeerConfig;
import io.forebay.storage.rebalance.RebalanceConfig;
import java.time.Duration;

/// Settings of a storage node.
public record StorageNodeConfig(
        @Setting("The object store.") StoreConfig store,

        @Setting("Requests being worked on, those answered from memory excluded; one more is refused.") @Default("4096")
        int maxRequests,

        @Setting("Bytes that uploads under way may have announced together; more are refused. One upload alone may be"
                + " larger.")
        @Default("256GiB")
        DataSize maxUploadBytes,

        @Setting("Size of a message body, such as the list of parts that completes an upload; more is refused.")
        @Default("4MiB")
        DataSize maxMessageBytes,

        @Setting("How long a request waits for the cluster state that it was routed by, for a change of owners to take"
                + " effect, or for the node's lease.")
        @Default("5s")
        Duration statePatience,

        @Setting("Archives that are objects.") ArchiveConfig archive,

        @Setting("Batches of objects.") BatchConfig batch,

        @Setting("Encryption of objects.") EncryptionConfig encryption,

        @Setting("Dealings with other storage nodes.") PeerConfig peer,

        @Setting("Moving of objects to their owners.") RebalanceConfig rebalance,

        @Setting("Lifecycle rules of buckets.") LifecycleConfig lifecycle,

        @Setting("Notifications of changes.") NotificationConfig notification) {
    public StorageNodeConfig {
        Check.argument(maxRequests >= 1, "max-requests must be at least 1, not %s", maxRequests);
        Check.argument(
                maxUploadBytes.bytes() >= 1 << 20, "max-upload-bytes must be at least 1MiB, not %s", maxUploadBytes);
        Check.argument(
                maxMessageBytes.bytes() >= 1 << 10 && maxMessageBytes.bytes() <= 1 << 30,
                "max-message-bytes must be 1KiB to 1GiB, not %s",
                maxMessageBytes);
        Check.argument(statePatience.isPositive(), "state-patience must be positive, not %s", statePatience);
    }
}
