/// What a bucket's properties say that both roles follow: which objects end and when, who is told of changes.
///
/// A rule is read from a document by the face whose it is, kept as text in a property of the bucket, and read from
/// there by whoever follows it. Pure; depends on `io.forebay.common` and `io.forebay.protocol`.
@NullMarked
package io.forebay.cluster.rule;

import org.jspecify.annotations.NullMarked;
