package io.forebay.storage.batch;

import io.forebay.common.metrics.Metric;

/// What a node counts of batches.
enum BatchMetric implements Metric {
    BATCHES("batches_total", Kind.COUNTER, "Batches that were begun."),
    RUNNING("running", Kind.GAUGE, "Batches that are being assembled."),
    REFUSED("refused_total", Kind.COUNTER, "Batches refused because as many as allowed were being assembled."),
    FAILED("failed_total", Kind.COUNTER, "Batches that ended before their last entry."),
    OBJECTS("objects_total", Kind.COUNTER, "Objects in batches."),
    MEMBERS("members_total", Kind.COUNTER, "Members of archives in batches."),
    MEMBER_BYTES("member_bytes_total", Kind.COUNTER, "Bytes of members of archives in batches."),
    BYTES("bytes_total", Kind.COUNTER, "Bytes of objects and members in batches."),
    MISSING("missing_total", Kind.COUNTER, "Entries that batches went on without."),
    RETRIES("retries_total", Kind.COUNTER, "Times that an entry was asked for again."),
    AHEAD_BYTES("ahead_bytes", Kind.GAUGE, "Memory for what other nodes send ahead.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    BatchMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_batch_" + name;
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
