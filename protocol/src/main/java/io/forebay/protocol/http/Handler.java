package io.forebay.protocol.http;

/// Answers requests: a function from exchange to reply, called from many threads at once.
///
/// Throws StoreException to fail; the engine's outermost handler (a face's dispatcher) renders it. Anything else
/// that it throws is a bug and answered with status 500.
@FunctionalInterface
public interface Handler {
    Reply handle(Exchange exchange);
}
