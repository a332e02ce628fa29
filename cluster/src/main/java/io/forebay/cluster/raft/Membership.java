package io.forebay.cluster.raft;

import io.forebay.common.model.NodeId;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/// Who founds the Raft group. It counts at the first start only: later the log itself says who its members are.
sealed interface Membership {
    /// The id that a group gets which is founded by this start.
    UUID group();

    List<RaftPeer> peers(NodeId self);

    RaftProperties properties(NodeId self, Path log, int snapshotEvery);

    /// This node and no other: no port is opened.
    record Alone(UUID group) implements Membership {
        @Override
        public List<RaftPeer> peers(NodeId self) {
            return List.of(RaftPeer.newBuilder()
                    .setId(RaftPeerId.valueOf(self.value()))
                    .build());
        }

        @Override
        public RaftProperties properties(NodeId self, Path log, int snapshotEvery) {
            return RaftTuning.alone(log, snapshotEvery);
        }
    }

    /// Several nodes, which reach each other at these addresses and all start with the same group id and list.
    record Founders(UUID group, List<Founder> founders) implements Membership {
        @Override
        public List<RaftPeer> peers(NodeId self) {
            return founders.stream()
                    .map(founder -> RaftPeer.newBuilder()
                            .setId(RaftPeerId.valueOf(founder.id.value()))
                            .setAddress(founder.address)
                            .build())
                    .toList();
        }

        @Override
        public RaftProperties properties(NodeId self, Path log, int snapshotEvery) {
            InetSocketAddress address = founders.stream()
                    .filter(founder -> founder.id.equals(self))
                    .map(Founder::address)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(self + " is none of the founders " + founders));
            return RaftTuning.member(log, snapshotEvery, address.getPort());
        }
    }

    record Founder(NodeId id, InetSocketAddress address) {}
}
