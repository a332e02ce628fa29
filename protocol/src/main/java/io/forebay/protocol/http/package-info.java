/// HTTP as values and streams, with no engine in sight: handlers are functions from `Exchange` to `Reply`.
///
/// May use nothing of this module. A handler that is called on an event loop never waits there (see `Exchange`).
@NullMarked
package io.forebay.protocol.http;

import org.jspecify.annotations.NullMarked;
