package io.forebay.protocol.api;

import io.forebay.protocol.api.cluster.JobQuery;
import io.forebay.protocol.api.cluster.NodeMessage;
import io.forebay.protocol.api.control.Heartbeat;
import io.forebay.protocol.api.control.JoinRequest;
import java.util.Arrays;
import java.util.List;

/// Messages in JSON of administrators and of nodes: a byte that chooses which, then the message.
public final class NodeMessageFuzzTarget {
    private static final List<Class<?>> TYPES = List.of(
            PageRequest.class,
            EntriesRequest.class,
            VersionsRequest.class,
            RemovalsRequest.class,
            MembersPage.class,
            NodeOrder.class,
            UserOrder.class,
            VolumeOrder.class,
            ScrubOrder.class,
            Heartbeat.class,
            JoinRequest.class,
            NodeMessage.class,
            JobQuery.class,
            VersionPage.class,
            RemovalsReply.class);

    private NodeMessageFuzzTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length > 0) {
            Class<?> type = TYPES.get((input[0] & 0xFF) % TYPES.size());
            FuzzedMessage.readJson(Arrays.copyOfRange(input, 1, input.length), type);
        }
    }
}
