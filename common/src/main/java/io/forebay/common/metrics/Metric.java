package io.forebay.common.metrics;

/// One line of a module's metrics catalogue. Catalogues are enums that implement this.
public interface Metric {
    enum Kind {
        COUNTER,
        GAUGE,
        /// A duration in nanoseconds, shown in seconds.
        HISTOGRAM
    }

    /// The Prometheus name, such as `forebay_storage_read_bytes_total`.
    String metricName();

    String help();

    Kind kind();
}
