package io.forebay.storage.rebalance;

import io.forebay.common.metrics.Metric;

/// What a node counts of moving its objects.
enum RebalanceMetric implements Metric {
    OBJECTS(
            "objects_total",
            Kind.COUNTER,
            "Objects, tombstones and uploads brought to this node or its other holders."),
    BYTES("bytes_total", Kind.COUNTER, "Their bytes."),
    LEFT_BYTES("left_bytes", Kind.GAUGE, "Bytes still to be moved, estimated from the keys looked at so far."),
    FAILURES("failures_total", Kind.COUNTER, "Objects that could not be moved, and nodes that could not be asked."),
    PAUSED("paused_millis_total", Kind.COUNTER, "Milliseconds that moving waited because of the limit bandwidth."),
    EPOCH("epoch", Kind.GAUGE, "The epoch whose objects the node gathers, or gathered last."),
    DONE("done", Kind.GAUGE, "1 when all of the epoch's objects are where it places them, as far as this node goes."),
    CLEANED("cleaned_total", Kind.COUNTER, "Objects and uploads removed because other nodes hold them."),
    CLEAN_EPOCH("clean_epoch", Kind.GAUGE, "The settled epoch of which the node has nothing that it does not hold.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    RebalanceMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_rebalance_" + name;
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
