/// The role that clients talk to: it routes, relays and lists, and stores nothing.
@NullMarked
package io.forebay.gateway;

import org.jspecify.annotations.NullMarked;
