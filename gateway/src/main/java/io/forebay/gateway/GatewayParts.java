package io.forebay.gateway;

import io.forebay.cluster.process.RunningProcess;
import io.forebay.cluster.watch.CommandLog;
import io.forebay.cluster.watch.QuorumContact;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.metrics.Metrics;
import io.forebay.common.model.NodeId;
import io.forebay.common.time.Ticker;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.SessionTokens;
import io.forebay.gateway.auth.UserDirectory;
import io.forebay.gateway.auth.UserKeys;
import io.forebay.gateway.control.NodeTable;
import io.forebay.protocol.api.RedirectSignature;
import io.forebay.protocol.client.NodeChannel;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a gateway is given by the process that it runs in.
///
/// @param self this gateway's id in the cluster map
/// @param table what the leader knows of every node
/// @param contact to the gateways that vote: without it the state may be old
/// @param channel how storage nodes are reached
/// @param local the storage nodes for whose objects this gateway answers AIStore clients itself, by a call
///     through the channel; clients of any other are redirected to its address
/// @param users the users of the cluster
/// @param keys reads and writes the keys of users
/// @param sessions makes temporary credentials
/// @param authorizer who callers are
/// @param redirectSignature signs redirects; null exactly when callers need not authenticate
/// @param webhooks the names of those whom buckets may have told of changes
/// @param process that the gateway runs in
public record GatewayParts(
        NodeId self,
        StateWatch watch,
        QuorumContact contact,
        CommandLog commands,
        NodeTable table,
        NodeChannel channel,
        Set<NodeId> local,
        UserDirectory users,
        UserKeys keys,
        SessionTokens sessions,
        Authorizer authorizer,
        @Nullable RedirectSignature redirectSignature,
        Set<String> webhooks,
        RunningProcess process,
        Metrics metrics,
        InstantSource clock,
        Ticker ticker) {
    public GatewayParts {
        local = Set.copyOf(local);
        webhooks = Set.copyOf(webhooks);
    }

    boolean authentication() {
        return redirectSignature != null;
    }
}
