package io.forebay.system.history;

/// The dialect that an operation speaks.
enum Face {
    S3,
    AIS
}
