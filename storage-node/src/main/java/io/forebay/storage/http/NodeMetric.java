package io.forebay.storage.http;

import io.forebay.common.metrics.Metric;

/// What a storage node counts of the requests that it answers.
public enum NodeMetric implements Metric {
    REQUESTS("requests_total", Kind.COUNTER, "Requests by operation and outcome: ok, or the code of the failure."),
    LATENCY("request_seconds", Kind.HISTOGRAM, "From a request's head to its reply's head, by operation."),
    FAST_REQUESTS("fast_requests_total", Kind.COUNTER, "Requests answered from memory on the event loop."),
    READ_BYTES("read_bytes_total", Kind.COUNTER, "Object bytes in replies."),
    WRITTEN_BYTES("written_bytes_total", Kind.COUNTER, "Object bytes received and stored."),
    REQUESTS_IN_FLIGHT("requests_in_flight", Kind.GAUGE, "Requests being worked on, those on event loops excluded."),
    UPLOAD_BYTES_IN_FLIGHT("upload_bytes_in_flight", Kind.GAUGE, "Bytes announced by uploads that are under way."),
    REFUSED("refused_total", Kind.COUNTER, "Requests refused because a limit was reached, by limit."),
    FORWARDED("forwarded_total", Kind.COUNTER, "Requests of clients sent on to the key's owner."),
    RELAYED(
            "relayed_total",
            Kind.COUNTER,
            "Reads answered with the bytes of another node, from where they have yet to move."),
    HANDED_OVER("handed_over_total", Kind.COUNTER, "Writes sent on to the owner that the key had got meanwhile."),
    NOT_OWNED("not_owned_total", Kind.COUNTER, "Requests for objects that another node owns."),
    DROPPED_BUCKETS("dropped_buckets_total", Kind.COUNTER, "Buckets whose data was removed with them.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    NodeMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_node_" + name;
        this.kind = kind;
        this.help = help;
    }

    @Override
    public String metricName() {
        return metricName;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public Kind kind() {
        return kind;
    }
}
