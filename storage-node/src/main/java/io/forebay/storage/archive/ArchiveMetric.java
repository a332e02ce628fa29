package io.forebay.storage.archive;

import io.forebay.common.metrics.Metric;

/// What a node counts of archives.
enum ArchiveMetric implements Metric {
    INDEXED_WRITING("indexed_writing_total", Kind.COUNTER, "Archives whose members were found while they arrived."),
    INDEXED_READING("indexed_reading_total", Kind.COUNTER, "Archives whose members were found when one was asked for."),
    REFUSED("refused_total", Kind.COUNTER, "Archives that arrived and are not of their format, or beyond a limit."),
    PASSED_OVER(
            "passed_over_total",
            Kind.COUNTER,
            "Archives whose members were not found while they arrived, because others were arriving."),
    TABLES_MISSED("tables_missed_total", Kind.COUNTER, "Times that the table of an index was not in memory."),
    TABLES_DROPPED("tables_dropped_total", Kind.COUNTER, "Tables of indexes that left memory for others."),
    TABLE_BYTES("table_bytes", Kind.GAUGE, "Memory that holds the tables of indexes."),
    FAILED("index_failures_total", Kind.COUNTER, "Times that what was found could not be kept beside an archive."),
    EXTENDED("extended_total", Kind.COUNTER, "Members that were appended where their archive is."),
    REWRITTEN("rewritten_total", Kind.COUNTER, "Archives that were written anew for a member, or made of one.");

    private final String metricName;
    private final Kind kind;
    private final String help;

    ArchiveMetric(String name, Kind kind, String help) {
        this.metricName = "forebay_archive_" + name;
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
