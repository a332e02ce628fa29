/// From a key to the node that owns it, under the newest cluster state.
///
/// Uses nothing of the gateway's other packages.
@NullMarked
package io.forebay.gateway.routing;

import org.jspecify.annotations.NullMarked;
