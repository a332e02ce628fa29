package io.forebay.storage.http;

import io.forebay.cluster.process.Statistic;
import io.forebay.cluster.watch.StateWatch;
import io.forebay.common.metrics.Metrics;
import io.forebay.protocol.api.NodeErrors;
import io.forebay.protocol.api.control.Rebalance;
import io.forebay.storage.archive.ObjectArchives;
import io.forebay.storage.batch.Batches;
import io.forebay.storage.crypto.Seals;
import io.forebay.storage.info.NodeFacts;
import io.forebay.storage.info.NodeQueries;
import io.forebay.storage.multipart.Appends;
import io.forebay.storage.multipart.MultipartUploads;
import io.forebay.storage.object.BucketUpkeep;
import io.forebay.storage.object.ObjectStore;
import io.forebay.storage.peer.Peers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Puts the handler of a storage node together.
public record NodeWiring(
        NodeFacts facts,
        Limits limits,
        ObjectStore store,
        Seals seals,
        BucketUpkeep upkeep,
        Batches batches,
        ObjectArchives archives,
        StateWatch watch,
        Peers peers,
        Peers.Dealings dealings,
        Supplier<Rebalance> progress,
        Metrics metrics) {

    /// What the node admits.
    ///
    /// @param maxParts the highest number of a part of AIStore's clients
    /// @param statePatience how long a request waits for the state that it was routed by
    public record Limits(
            int maxRequests, long maxUploadBytes, int maxMessageBytes, int maxParts, Duration statePatience) {}

    public NodeHandler handler() {
        String labels = "node=\"" + facts.id() + "\"";
        NodeErrors errors = new NodeErrors("t[" + facts.id() + "]");
        Admission admission = new Admission(limits.maxRequests(), limits.maxUploadBytes(), metrics, labels);
        RequestMeters meters = new RequestMeters(metrics, labels);
        Ownership ownership = new Ownership(
                peers.fence(), watch, limits.statePatience(), errors, metrics.counter(NodeMetric.NOT_OWNED, labels));
        Forwarding forwarding = new Forwarding(peers.channel(), metrics, labels);
        Custody custody = new Custody(
                new Custody.Parts(
                        store,
                        peers.fence(),
                        dealings.consult(),
                        dealings.mending(),
                        dealings.uploads(),
                        peers.channel()),
                metrics,
                labels);
        Handover handover =
                new Handover(ownership, custody, forwarding, metrics.counter(NodeMetric.HANDED_OVER, labels));
        Intake intake = new Intake(admission, watch, handover, metrics.counter(NodeMetric.WRITTEN_BYTES, labels));
        MultipartUploads uploads = new MultipartUploads(store);
        Encryptions encryptions = new Encryptions(seals);
        Map<Statistic, LongSupplier> statistics = meters.byAistoresNames();
        statistics.putAll(batches.byAistoresNames());
        NodeRoutes.Operations operations = new NodeRoutes.Operations(
                new ObjectReads(
                        store,
                        new StoredChecks(store),
                        encryptions,
                        new ArchiveReads(store, archives, encryptions, errors, InstantSource.system()),
                        errors,
                        metrics.counter(NodeMetric.READ_BYTES, labels)),
                new NativeHeads(store, encryptions, errors),
                new ObjectParts(store, encryptions, errors),
                new ObjectWrites(store, encryptions, archives, errors, intake, custody),
                new MemberWrites(store, archives, encryptions, errors, intake, InstantSource.system()),
                new ObjectCopies(store, ownership, custody, encryptions, errors, intake),
                new UploadRequests(uploads, encryptions, intake, limits.maxParts()),
                new AppendRequests(new Appends(facts.id(), store, seals), encryptions, intake),
                new BucketRequests(peers.fence(), dealings.consult(), store, uploads, upkeep),
                new JointRemovals(peers.fence(), store),
                new NodeQueries(facts, statistics, metrics, watch, store, progress, limits.maxMessageBytes()),
                new VolumeRequests(facts.id(), peers.fence(), store, limits.maxMessageBytes()),
                new ScrubRequests(facts.id(), store, limits.maxMessageBytes()));
        ObjectRoutes objects = new ObjectRoutes(ownership, custody, forwarding, operations, limits.maxMessageBytes());
        BatchRequests batchRequests = new BatchRequests(
                batches,
                exchange -> NodeItems.ofClient(objects, ownership, forwarding, exchange),
                limits.maxMessageBytes());
        ItemRequests itemRequests = new ItemRequests(
                exchange -> NodeItems.ofNode(objects, ownership, forwarding, exchange), limits.maxMessageBytes());
        return new NodeHandler(
                new NodeRoutes(
                        ownership,
                        objects,
                        batchRequests,
                        itemRequests,
                        dealings.handler(),
                        operations,
                        limits.maxMessageBytes()),
                errors,
                admission,
                meters,
                ownership::currentVersion,
                facts.ticker());
    }
}
