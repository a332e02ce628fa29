package io.forebay.cluster.codec;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.io.XxHash64;

/// What a state's encoding is known by: two nodes of one version compare what they have come to without
/// sending it.
public final class StateDigest {
    private StateDigest() {}

    /// `FORMAT:HASH`.
    public static String of(ClusterState state) {
        return ofEncoded(StateCodec.encode(state));
    }

    /// Of a state whose bytes `StateCodec.encode` gave.
    public static String ofEncoded(byte[] encoded) {
        return StateCodec.FORMAT + ":" + Long.toHexString(XxHash64.hash(encoded, 0));
    }

    /// Whether the two are of different states. Digests of different formats cannot be compared.
    public static boolean differ(String left, String right) {
        return format(left).equals(format(right)) && !left.equals(right);
    }

    private static String format(String digest) {
        return digest.substring(0, Math.max(0, digest.indexOf(':')));
    }
}
