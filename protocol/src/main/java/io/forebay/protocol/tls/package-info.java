/// TLS between nodes: this node's certificate, the authorities that it trusts, and both anew when they change.
///
/// May use `common` only, and the JDK's TLS: the engines of `protocol.http` and the command line build on it.
@NullMarked
package io.forebay.protocol.tls;

import org.jspecify.annotations.NullMarked;
