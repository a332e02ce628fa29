/// The face of administrators at the control port: what the cluster is set up with, as JSON.
///
/// May use `io.forebay.gateway.core` and `io.forebay.gateway.auth`.
@NullMarked
package io.forebay.gateway.api.admin;

import org.jspecify.annotations.NullMarked;
