package io.forebay.protocol.http.netty.codec;

import io.forebay.protocol.http.Request;

/// One request head and what it says about framing.
///
/// @param request the request, its target in origin form
/// @param contentLength the body's length, 0 without a body, -1 when it is chunked
/// @param persistent whether the client keeps the connection open
/// @param expectsContinue whether the client may wait for `100 Continue`
/// @param modern whether it is HTTP/1.1, so that a reply may be chunked
public record RequestHead(
        Request request, long contentLength, boolean persistent, boolean expectsContinue, boolean modern) {}
