package io.forebay.cluster.process;

import java.time.InstantSource;

/// The process that a node runs in, as the node tells of it. All nodes of a process share it.
public record RunningProcess(ProcessLog log, RunningSettings settings) {
    /// Of a node that runs in no process of Forebay's, such as one under test: without a log or settings.
    public static RunningProcess none() {
        return new RunningProcess(new ProcessLog(LogFolder.none(), InstantSource.system()), RunningSettings.none());
    }
}
