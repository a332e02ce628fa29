/// This gateway's part in consensus: it submits commands, and watches over the nodes while it leads.
///
/// Uses nothing of the gateway's other packages.
@NullMarked
package io.forebay.gateway.control;

import org.jspecify.annotations.NullMarked;
