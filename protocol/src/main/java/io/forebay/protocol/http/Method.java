package io.forebay.protocol.http;

/// The request methods that any face answers; an engine answers 501 to every other.
public enum Method {
    GET,
    HEAD,
    PUT,
    POST,
    DELETE,
    PATCH,
    OPTIONS
}
