/// The cluster state as one immutable value with one version, and the pure function that changes it.
///
/// Imports only `io.forebay.common`: no I/O, no clock, no random; those are decided before a command is submitted.
@NullMarked
package io.forebay.cluster.state;

import org.jspecify.annotations.NullMarked;
