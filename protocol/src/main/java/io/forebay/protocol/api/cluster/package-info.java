/// AIStore's cluster messages: map, bucket map, configuration, node status and job queries.
///
/// May use `io.forebay.protocol.api` and `io.forebay.protocol.api.bucket`.
@NullMarked
package io.forebay.protocol.api.cluster;

import org.jspecify.annotations.NullMarked;
