package io.forebay.gateway;

import io.forebay.cluster.watch.QuorumContact;
import io.forebay.gateway.api.admin.AdminFace;
import io.forebay.gateway.api.admin.UserDesk;
import io.forebay.gateway.api.cluster.ClusterFace;
import io.forebay.gateway.api.object.BatchFace;
import io.forebay.gateway.api.object.BucketFace;
import io.forebay.gateway.api.object.ObjectFace;
import io.forebay.gateway.api.object.Redirects;
import io.forebay.gateway.api.s3.S3Access;
import io.forebay.gateway.api.s3.S3Face;
import io.forebay.gateway.auth.AuthMetric;
import io.forebay.gateway.auth.Authorizer;
import io.forebay.gateway.auth.Permissions;
import io.forebay.gateway.control.ClusterControl;
import io.forebay.gateway.core.ArchiveMembers;
import io.forebay.gateway.core.Batches;
import io.forebay.gateway.core.Buckets;
import io.forebay.gateway.core.Configuration;
import io.forebay.gateway.core.Listings;
import io.forebay.gateway.core.Members;
import io.forebay.gateway.core.Nodes;
import io.forebay.gateway.core.Objects;
import io.forebay.gateway.core.Summaries;
import io.forebay.gateway.core.Users;
import io.forebay.gateway.listing.MergedListing;
import io.forebay.gateway.relay.BatchRelay;
import io.forebay.gateway.relay.Relay;
import io.forebay.gateway.routing.FreshWatch;
import io.forebay.gateway.routing.Router;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.NodeHeaders;
import io.forebay.protocol.http.Exchange;
import io.forebay.protocol.http.Handler;
import io.forebay.protocol.http.Reply;
import java.security.SecureRandom;

/// A gateway: routes, relays and lists, and stores nothing. Everything of it is wired here, in the order
/// in which it depends.
///
/// Serves nothing by itself: its handler is given to an engine, or called.
public final class Gateway implements AutoCloseable {
    private static final String AIS_PREFIX = "/v1";
    private static final String S3_PREFIX = "/s3";

    private final QuorumContact contact;
    private final Permissions permissions;
    private final UserDesk desk;
    private final Objects objects;
    private final Buckets buckets;
    private final Listings listings;
    private final Summaries summaries;
    private final Handler ais;
    private final Handler s3;
    private final Handler s3BelowPrefix;
    private final Handler admin;

    public Gateway(GatewayConfig config, GatewayParts parts) {
        this.contact = parts.contact();
        this.permissions =
                new Permissions(parts.users(), parts.clock(), config.s3().defaultOwnership(), parts.metrics());
        parts.metrics().gauge(AuthMetric.USERS, "", parts.users()::size);
        int maxAnswerBytes = (int) config.maxAnswerSize().bytes();
        Router router = new Router(
                new FreshWatch(parts.watch(), parts.contact(), config.stateMaxAge()), config.statePatience());
        Relay relay = new Relay(
                router,
                parts.channel(),
                config.routePatience(),
                parts.ticker(),
                parts.metrics().counter(GatewayMetric.REROUTES, ""),
                parts.metrics().counter(GatewayMetric.ROUTE_TIMEOUTS, ""));
        Nodes nodes = new Nodes(parts.self(), router, relay, maxAnswerBytes);
        this.listings = new Listings(
                router, new MergedListing(relay, maxAnswerBytes), new ArchiveMembers(relay, maxAnswerBytes));
        this.objects = new Objects(router, relay, maxAnswerBytes);
        ClusterControl control = new ClusterControl(parts.commands(), parts.clock());
        this.buckets = new Buckets(router, control, listings);
        this.summaries = new Summaries(
                listings,
                nodes,
                config.concurrentSummaries(),
                config.keptSummaries(),
                parts.metrics().counter(GatewayMetric.SUMMARIES_REFUSED, ""));
        Members members = new Members(router, control, parts.table());
        BatchRelay batchRelay = relay.batches(new BatchRelay.Settings(
                parts.clock(),
                parts.local(),
                parts.metrics().counter(GatewayMetric.BATCHES_RESUMED, ""),
                parts.metrics().counter(GatewayMetric.BATCHES_BROKEN, "")));
        this.ais = aisHandler(
                config, parts, nodes, members, new Batches(objects, batchRelay), new Configuration(router, control));
        this.desk = new UserDesk(
                new Users(router, control, config.auth().maxUsers()),
                parts.keys(),
                parts.authorizer(),
                new SecureRandom());
        this.admin =
                new AdminFace(nodes, members, desk, new NodeErrors("p[" + parts.self() + "]"), maxMessageBytes(config));
        this.s3 = s3Face(config, parts, parts.authorizer());
        this.s3BelowPrefix =
                PathPrefix.strip(S3_PREFIX, authorizer -> s3Face(config, parts, authorizer), parts.authorizer());
    }

    /// Answers every request of a data port: AIStore under `/v1`, S3 everywhere else.
    public Handler handler() {
        return this::handle;
    }

    /// Answers what is below `/admin` at the control port.
    public Handler adminHandler() {
        return admin;
    }

    /// Where the users of the cluster are changed.
    public UserDesk users() {
        return desk;
    }

    /// Ends what runs in the background.
    @Override
    public void close() {
        summaries.close();
    }

    /// An answer by a state that may be old says so.
    private Reply handle(Exchange exchange) {
        Reply reply = dispatch(exchange);
        long stale = contact.staleSeconds();
        return stale == 0 || reply.wouldWait() ? reply : reply.with(NodeHeaders.STALE_STATE, Long.toString(stale));
    }

    private Reply dispatch(Exchange exchange) {
        String target = exchange.request().target();
        if (PathPrefix.isBelow(target, AIS_PREFIX)) {
            return ais.handle(exchange);
        }
        return PathPrefix.isBelow(target, S3_PREFIX) ? s3BelowPrefix.handle(exchange) : s3.handle(exchange);
    }

    private S3Face s3Face(GatewayConfig config, GatewayParts parts, Authorizer authorizer) {
        return new S3Face(
                config.s3(),
                new S3Access(
                        authorizer, permissions, parts.sessions(), config.auth().maxSession()),
                parts.webhooks(),
                buckets,
                objects,
                listings,
                parts.clock(),
                parts.metrics(),
                parts.self().value());
    }

    private static int maxMessageBytes(GatewayConfig config) {
        return (int) config.maxMessageSize().bytes();
    }

    private AisHandler aisHandler(
            GatewayConfig config,
            GatewayParts parts,
            Nodes nodes,
            Members members,
            Batches batches,
            Configuration configuration) {
        int maxMessageBytes = maxMessageBytes(config);
        boolean authentication = parts.authentication();
        Redirects redirects = new Redirects(
                parts.self(),
                parts.redirectSignature(),
                config.redirectLifetime(),
                parts.clock(),
                parts.metrics().counter(GatewayMetric.REDIRECTS, ""));
        AisMeters meters = new AisMeters(parts.metrics());
        return new AisHandler(
                parts.authorizer(),
                permissions,
                new ObjectFace(
                        objects, buckets, permissions, redirects, parts.local(), authentication, maxMessageBytes),
                new BucketFace(
                        objects,
                        buckets,
                        permissions,
                        listings,
                        summaries,
                        new SecureRandom(),
                        authentication,
                        maxMessageBytes),
                new BatchFace(
                        batches,
                        objects,
                        buckets,
                        permissions,
                        redirects,
                        node -> config.relayBatches() || parts.local().contains(node),
                        authentication,
                        maxMessageBytes),
                new ClusterFace(
                        nodes,
                        members,
                        buckets,
                        configuration,
                        parts.process(),
                        meters.statistics(parts.ticker(), parts.self()),
                        parts.clock(),
                        maxMessageBytes),
                new NodeErrors("p[" + parts.self() + "]"),
                meters);
    }
}
