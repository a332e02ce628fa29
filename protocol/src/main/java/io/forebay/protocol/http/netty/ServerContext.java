package io.forebay.protocol.http.netty;

import io.forebay.protocol.http.Answering;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What all connections of one server share.
final class ServerContext {
    final Answering answering;
    final WireMeters meters;
    final BufferBudget budget;
    final DirectMemory memory;
    final Workers workers;
    final Admission connections;
    final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();

    final FileRegions fileRegions;

    final int maxHeadBytes;
    final int maxTargetBytes;
    final int maxHeaderLines;
    final long maxBodyBytes;
    final long maxDrainBytes;

    final long idleNanos;
    final long headNanos;
    final long bodyNanos;
    final long writeNanos;
    final long lingerNanos;

    final int headReadBytes;
    final int bodyReadBytes;
    final int windowBytes;
    final int gatherBytes;
    final long unsentBytes;

    /// Whether the server is closing: connections end with the reply that they are at.
    volatile boolean closing;

    ServerContext(
            WireConfig config, Answering answering, WireMeters meters, BufferBudget budget, FileRegions fileRegions) {
        this.answering = answering;
        this.meters = meters;
        this.budget = budget;
        this.fileRegions = fileRegions;
        WireConfig.Limits limits = config.limits();
        this.memory = new DirectMemory(limits.directMemory());
        this.workers = new Workers(limits.requestsInFlight(), memory, meters.requestsInFlight);
        this.connections = new Admission(limits.connections());
        this.maxHeadBytes = (int) limits.headBytes().bytes();
        this.maxTargetBytes = (int) limits.targetBytes().bytes();
        this.maxHeaderLines = limits.headerLines();
        this.maxBodyBytes = limits.bodyBytes().bytes();
        this.maxDrainBytes = limits.drainBytes().bytes();
        WireConfig.Timeouts timeouts = config.timeouts();
        this.idleNanos = timeouts.idle().toNanos();
        this.headNanos = timeouts.head().toNanos();
        this.bodyNanos = timeouts.body().toNanos();
        this.writeNanos = timeouts.write().toNanos();
        this.lingerNanos = timeouts.linger().toNanos();
        WireConfig.Buffers buffers = config.buffers();
        this.headReadBytes = (int) buffers.headRead().bytes();
        this.bodyReadBytes = (int) buffers.bodyRead().bytes();
        this.windowBytes = (int) buffers.window().bytes();
        this.gatherBytes = (int) buffers.gather().bytes();
        this.unsentBytes = buffers.unsent().bytes();
    }
}
