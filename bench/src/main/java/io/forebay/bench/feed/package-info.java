/// The training feed against its bars: batches, members of archives, and listings, by AIStore's API over
/// sockets.
///
/// May use `load`, `scenario` and, of Forebay's code, what frames a tar.
@NullMarked
package io.forebay.bench.feed;

import org.jspecify.annotations.NullMarked;
