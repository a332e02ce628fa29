package io.forebay.app;

import io.forebay.cluster.raft.RaftConfig;
import io.forebay.cluster.watch.WatchConfig;
import io.forebay.common.config.Setting;
import io.forebay.gateway.GatewayConfig;
import io.forebay.protocol.http.netty.EventLoopConfig;
import io.forebay.protocol.http.netty.HttpClientConfig;
import io.forebay.protocol.http.netty.WireConfig;
import io.forebay.protocol.http.vertx.VertxServerConfig;
import io.forebay.storage.StorageNodeConfig;

/// Every setting of a process, one group a component: what a `--config` file may hold.
public record ForebayConfig(
        @Setting("The process.") ServerConfig server,
        @Setting("Joining a cluster.") JoinConfig join,
        @Setting("The log.") LogConfig log,

        @Setting("The event loops that all data ports share.")
        EventLoopConfig loops,

        @Setting("Every data port.") WireConfig http,
        @Setting("The control port.") VertxServerConfig control,

        @Setting("The client by which nodes call each other.")
        HttpClientConfig client,

        @Setting("The log of cluster commands.") RaftConfig raft,

        @Setting("Following the cluster's state, and telling its leader that a node lives.")
        WatchConfig cluster,

        @Setting("The gateway.") GatewayConfig gateway,
        @Setting("Every storage node.") StorageNodeConfig storage) {}
