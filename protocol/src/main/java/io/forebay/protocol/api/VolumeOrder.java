package io.forebay.protocol.api;

import org.jspecify.annotations.Nullable;

/// What is to be done with a volume: the message of `POST /v1/daemon/volumes` and `POST /admin/volumes`,
/// answered by the list as it is then.
///
/// @param action `add`, `enable`, `disable`, `drain`, `remove`, `check` or `rescan`
/// @param volume its id or folder; the folder to be for `add`
/// @param node the storage node, for a gateway; empty when there is only one, or when the id says which
/// @param force for `remove`: lose what the volume still has
/// @param forgetChanges for `remove` with force: lose also what it alone knows of objects that are void on
///     volumes out
/// of
///     service
public record VolumeOrder(String action, String volume, String node, boolean force, boolean forgetChanges) {
    public VolumeOrder(
            @Nullable String action,
            @Nullable String volume,
            @Nullable String node,
            boolean force,
            boolean forgetChanges) {
        this.action = action == null ? "" : action;
        this.volume = volume == null ? "" : volume;
        this.node = node == null ? "" : node;
        this.force = force;
        this.forgetChanges = forgetChanges;
    }

    /// An order that loses nothing.
    public VolumeOrder(String action, String volume, String node) {
        this(action, volume, node, false, false);
    }

    /// Throws INVALID_ARGUMENT when the bytes are not such a message.
    public static VolumeOrder read(byte[] json) {
        return WireJson.read(json, VolumeOrder.class);
    }
}
