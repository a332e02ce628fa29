package io.forebay.cluster.state;

import io.forebay.common.error.ErrorCode;

/// What became of a command.
public sealed interface Applied {
    ClusterState state();

    /// It changed the state, which has a new version.
    record Changed(ClusterState state) implements Applied {}

    /// It was refused; the state is as it was but for the version.
    record Refused(ClusterState state, ErrorCode code, String message) implements Applied {}
}
