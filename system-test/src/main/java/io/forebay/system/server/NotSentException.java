package io.forebay.system.server;

import java.io.IOException;
import java.io.UncheckedIOException;

/// A request did not get to the server as a whole, so that nothing of it can have been done: nobody listens,
/// or the connection took no more bytes before the last one.
public final class NotSentException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    NotSentException(IOException cause) {
        super(cause);
    }
}
