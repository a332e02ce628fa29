package io.forebay.common.model;

/// What a bucket does with the versions of its objects (Amazon S3, PutBucketVersioning).
public enum Versioning {
    /// There is one version of each object.
    OFF,
    /// Each write makes a version, and the one before it stays.
    ENABLED,
    /// Each write replaces the version `null`; the others stay.
    SUSPENDED
}
