/// TLS between nodes and with clients: which certificates are shown and trusted, and all of them anew when they change.
///
/// May use `common` only, and the JDK's TLS: the engines of `protocol.http` and the command line build on it.
@NullMarked
package io.forebay.protocol.tls;

import org.jspecify.annotations.NullMarked;
