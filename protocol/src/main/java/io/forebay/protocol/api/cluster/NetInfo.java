package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/// One network address of a node, as AIStore's map has it.
public record NetInfo(
        @JsonProperty("node_ip_addr") String host,
        @JsonProperty("daemon_port") String port,
        @JsonProperty("direct_url") String url) {

    /// Of a URL `http://host:port`, brackets of an IPv6 host dropped.
    public static NetInfo of(String url) {
        int from = url.indexOf("://");
        String address = from < 0 ? url : url.substring(from + 3);
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        String port = colon < 0 ? "" : address.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new NetInfo(bracketed ? host.substring(1, host.length() - 1) : host, port, url);
    }
}
