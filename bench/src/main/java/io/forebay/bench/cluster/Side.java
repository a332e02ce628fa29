package io.forebay.bench.cluster;

import io.forebay.bench.load.BodyBytes;
import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.PutSource;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Sample;
import io.forebay.bench.scenario.Wrk;

/// Load on one of the servers that are compared.
record Side(Peer peer, Wrk wrk, ClusterConfig config) {
    static final String BUCKET = "bench";
    private static final int HEAD_BYTES = 1024;

    /// Stores a set of objects.
    void fill(Dataset dataset) {
        dataset.putByS3(peer.address(), BUCKET);
    }

    /// GETs of a set by S3 in random order.
    Sample gets(Dataset dataset) {
        return wrk.run(
                peer,
                "/" + BUCKET + "/" + dataset.name() + "/",
                dataset.objects(),
                config.connections(),
                config.run().time());
    }

    /// PUTs of distinct objects by S3.
    ///
    /// @param first the number of the first object
    Sample puts(String bucket, int bytes, long first) {
        PutSource source = new PutSource("/" + bucket + "/put-", "", new BodyBytes(bytes, bucket.hashCode()), first);
        long before = peer.cpuNanos();
        LoadPlan plan = LoadPlan.closed(
                peer.address(), config.connections(), config.run().time(), bytes + HEAD_BYTES);
        var result = LoadLoop.run(plan, source);
        return Sample.of(result, peer.cpuNanos() - before);
    }
}
