package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.forebay.common.error.Check;
import io.forebay.common.model.NodeId;
import java.math.BigInteger;

/// A node as AIStore's map has it (`core/meta/snode_wire.go`).
///
/// @param digest XXH64 of the id with AIStore's seed, an unsigned 64-bit number: clients place objects by it
public record NodeMessage(
        @JsonProperty("public_net") NetInfo publicNet,
        @JsonProperty("intra_control_net") NetInfo controlNet,
        @JsonProperty("intra_data_net") NetInfo dataNet,
        @JsonProperty("daemon_type") String type,
        @JsonProperty("daemon_id") String id,
        long flags,
        @JsonProperty("id_digest") BigInteger digest) {
    public static final String GATEWAY = "proxy";
    public static final String STORAGE = "target";

    /// Flag: a member of the group that tells of jobs; every gateway is.
    public static final long INFORMS = 2;

    public static final long MAINTENANCE = 4;
    public static final long DECOMMISSION = 8;

    public NodeMessage {
        boolean isUnsigned = digest == null || (digest.signum() >= 0 && digest.bitLength() <= Long.SIZE);
        Check.argument(isUnsigned, "id_digest is no unsigned 64-bit number");
    }

    public static NodeMessage of(NodeId id, String type, String url, long flags, long digest) {
        NetInfo net = NetInfo.of(url);
        return new NodeMessage(net, net, net, type, id.value(), flags, new BigInteger(Long.toUnsignedString(digest)));
    }
}
