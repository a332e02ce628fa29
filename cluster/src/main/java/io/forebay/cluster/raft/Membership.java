package io.forebay.cluster.raft;

import java.util.List;

/// How a gateway with an empty folder comes to its Raft group. Later the folder says which it is, and the log
/// who its members are.
public sealed interface Membership {
    /// Control URLs of gateways that may know the group's members.
    List<String> seeds();

    /// Founds a group that has this node only.
    record Founding() implements Membership {
        @Override
        public List<String> seeds() {
            return List.of();
        }
    }

    /// Asks gateways for their group and waits until its leader makes this node a voter.
    record Joining(List<String> seeds) implements Membership {}
}
