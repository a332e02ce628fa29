package io.forebay.bench.feed;

import io.forebay.bench.load.LoadLoop;
import io.forebay.bench.load.LoadPlan;
import io.forebay.bench.load.ObjectNames;
import io.forebay.bench.load.PreparedSource;
import io.forebay.bench.load.RequestSource;
import io.forebay.bench.scenario.Calls;
import io.forebay.bench.scenario.Dataset;
import io.forebay.bench.scenario.Peer;
import io.forebay.bench.scenario.Sample;
import io.forebay.protocol.http.Method;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/// The loads of the feed on one bucket: objects and members of a shard, one by one and in batches.
record FeedLoads(FeedConfig config, String bucket, Dataset objects, TarShard shard) {
    private static final int REQUEST_BYTES = 1024;
    private static final int HEADER_BYTES = 512;

    /// GETs of objects in random order.
    PreparedSource objectReads(InetSocketAddress address) {
        String prefix = "/v1/objects/" + bucket + "/" + objects.name() + "/";
        return reads(address, prefix, objects.objects(), ObjectNames::of);
    }

    /// GETs of members in random order.
    PreparedSource memberReads(InetSocketAddress address) {
        String prefix = "/v1/objects/" + bucket + "/" + shard.name() + "?archpath=";
        return reads(address, prefix, shard.members(), TarShard::member);
    }

    private static PreparedSource reads(
            InetSocketAddress address, String prefix, int count, LongFunction<String> name) {
        return PreparedSource.inRandomOrder(
                null,
                Method.GET,
                address,
                IntStream.range(0, count)
                        .mapToObj(number -> prefix + name.apply(number))
                        .toList());
    }

    BatchSource objectBatches() {
        return new BatchSource(bucket, config.entries(), objects.objects(), this::objectEntry);
    }

    BatchSource memberBatches() {
        return new BatchSource(bucket, config.entries(), shard.members(), this::memberEntry);
    }

    private String objectEntry(int number) {
        return "{\"objname\":\"" + objects.name() + "/" + ObjectNames.of(number) + "\"}";
    }

    private String memberEntry(int number) {
        return "{\"objname\":\"" + shard.name() + "\",\"archpath\":\"" + TarShard.member(number) + "\"}";
    }

    /// Fails unless batches bring what the loads ask for.
    void requireBatches(Calls calls) {
        int[] numbers = {objects.objects() - 1, 0};
        byte[] tar =
                calls.ask(BatchSource.target(bucket), BatchSource.message(Arrays.stream(numbers), this::objectEntry));
        byte[] members =
                calls.ask(BatchSource.target(bucket), BatchSource.message(IntStream.of(1, 0), this::memberEntry));
        for (int index = 0; index < numbers.length; index++) {
            objects.require(numbers[index], body(tar, index));
            shard.require(1 - index, body(members, index));
        }
    }

    /// The body of an entry of a tar whose entries all have one header.
    private byte[] body(byte[] tar, int index) {
        int bytes = config.sizeBytes();
        int from = index * (HEADER_BYTES + bytes + (-bytes & (HEADER_BYTES - 1))) + HEADER_BYTES;
        return Arrays.copyOfRange(tar, from, from + bytes);
    }

    /// Single requests, on so many connections.
    static Sample load(Peer peer, RequestSource source, int connections, Duration time) {
        return load(peer, source, connections, time, REQUEST_BYTES);
    }

    /// Batches one after the other.
    static Sample load(Peer peer, BatchSource source, Duration time) {
        return load(peer, source, 1, time, source.requestBytes());
    }

    private static Sample load(Peer peer, RequestSource source, int connections, Duration time, int requestBytes) {
        long before = peer.cpuNanos();
        var result = LoadLoop.run(LoadPlan.closed(peer.address(), connections, time, requestBytes), source);
        return Sample.of(result, peer.cpuNanos() - before);
    }
}
