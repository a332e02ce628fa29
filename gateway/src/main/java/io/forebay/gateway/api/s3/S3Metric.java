package io.forebay.gateway.api.s3;

import io.forebay.common.metrics.Metric;

/// What the S3 face counts.
public enum S3Metric implements Metric {
    REQUESTS("forebay_s3_requests_total", "Requests to the S3 face that were answered, by operation."),
    ERRORS("forebay_s3_errors_total", "Requests to the S3 face that were refused or failed, by S3's error code.");

    private final String metricName;
    private final String help;

    S3Metric(String metricName, String help) {
        this.metricName = metricName;
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
        return Kind.COUNTER;
    }
}
