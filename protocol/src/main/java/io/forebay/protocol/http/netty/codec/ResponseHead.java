package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Headers;

/// One response head and what it says about framing.
///
/// @param contentLength the declared length, -1 when there is none or the body is chunked
/// @param persistent whether the server keeps the connection open
public record ResponseHead(int status, Headers headers, long contentLength, boolean chunked, boolean persistent) {}
