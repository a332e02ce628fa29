package io.forebay.cluster.placement;

import io.forebay.cluster.state.ClusterState;
import io.forebay.cluster.state.Node;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.Namespace;
import io.forebay.common.model.NodeId;
import io.forebay.common.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Chooses the owner of a key by rendezvous hashing: the node with the highest score wins.
///
/// Pure and deterministic: every gateway and storage node with the same map computes the same owner, and
/// removing a node moves only the keys that it owned. Equal to AIStore's and its SDK's choice for every
/// map (AIStore `core/meta/hrw.go`). Made once a state and kept beside it: making one hashes every node's id.
public final class Placement {
    private static final long SEED = 1103515245;

    private final List<Node> nodes;
    private final long[] digests;

    private Placement(List<Node> nodes) {
        this.nodes = nodes;
        this.digests = new long[nodes.size()];
        for (int index = 0; index < digests.length; index++) {
            digests[index] = digestOf(nodes.get(index).id());
        }
    }

    /// The placement under a state's map. Nodes that are not active own nothing.
    public static Placement of(ClusterState state) {
        return new Placement(state.owners());
    }

    /// The placement among these nodes, whatever their phase.
    static Placement among(List<Node> nodes) {
        return new Placement(List.copyOf(nodes));
    }

    /// A node's digest, as AIStore's cluster map carries it (`id_digest`).
    public static long digestOf(NodeId id) {
        return XxHash64.hash(id.value().getBytes(StandardCharsets.UTF_8), SEED);
    }

    /// The node that owns the key. Throws NODE_UNAVAILABLE with the text `no storage targets` when none is
    /// active.
    public Node owner(ObjectKey key) {
        if (digests.length == 0) {
            throw new StoreException(ErrorCode.NODE_UNAVAILABLE, "no storage targets for " + key);
        }
        return digests.length == 1 ? nodes.getFirst() : nodes.get(best(digestOf(key)));
    }

    /// Whether that node owns the key. False where nobody does.
    boolean isOwner(NodeId node, ObjectKey key) {
        return digests.length > 0 && owner(key).id().equals(node);
    }

    /// The nodes with the highest scores for the key, the owner first: at most `count`, fewer when the map
    /// has fewer.
    public List<Node> ranked(ObjectKey key, int count) {
        long digest = digestOf(key);
        record Scored(Node node, long score) {}
        List<Scored> all = new ArrayList<>(digests.length);
        for (int index = 0; index < digests.length; index++) {
            all.add(new Scored(nodes.get(index), mix(digests[index] ^ digest)));
        }
        all.sort((left, right) -> Long.compareUnsigned(right.score, left.score));
        List<Node> ranked = new ArrayList<>(Math.min(count, digests.length));
        for (Scored scored : all.subList(0, Math.min(count, digests.length))) {
            ranked.add(scored.node);
        }
        return List.copyOf(ranked);
    }

    private int best(long digest) {
        int best = 0;
        long highest = mix(digests[0] ^ digest);
        for (int index = 1; index < digests.length; index++) {
            long score = mix(digests[index] ^ digest);
            if (Long.compareUnsigned(score, highest) > 0) {
                best = index;
                highest = score;
            }
        }
        return best;
    }

    /// The digest of a key's unique name in UTF-8.
    static long digestOf(ObjectKey key) {
        String name = key.name();
        BucketName bucket = key.bucket();
        Namespace namespace = bucket.namespace();
        String provider = bucket.provider().wireName();
        int length = provider.length()
                + namespace.uuid().length()
                + namespace.name().length()
                + bucket.name().length()
                + name.length()
                + 5;
        byte[] uname = new byte[length];
        int at = put(provider, uname, 0);
        uname[at++] = '/';
        uname[at++] = '@';
        at = put(namespace.uuid(), uname, at);
        uname[at++] = '#';
        at = put(namespace.name(), uname, at);
        uname[at++] = '/';
        at = put(bucket.name(), uname, at);
        uname[at++] = '/';
        // Only object names may hold other characters than ASCII; those take the longer way.
        boolean ascii = put(name, uname, at) == length;
        return XxHash64.hash(ascii ? uname : key.uname().getBytes(StandardCharsets.UTF_8), SEED);
    }

    /// Puts an ASCII text there and returns where it ends; stops at the first other character.
    private static int put(String text, byte[] target, int from) {
        int length = text.length();
        for (int index = 0; index < length; index++) {
            char c = text.charAt(index);
            if (c >= 0x80) {
                return from + index;
            }
            target[from + index] = (byte) c;
        }
        return from + length;
    }

    /// AIStore's scrambler (`cmn/xoshiro256`): two rounds of SplitMix64, then the output step of xoshiro256.
    static long mix(long x) {
        long z = splitMix(splitMix(x));
        return Long.rotateLeft(z * 5, 7) * 9;
    }

    private static long splitMix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
