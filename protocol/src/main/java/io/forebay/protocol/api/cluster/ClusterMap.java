package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/// AIStore's cluster map, Smap (`core/meta/smap.go`): nodes by id, those in maintenance included.
///
/// @param version decimal text
public record ClusterMap(
        @JsonProperty("pmap") Map<String, NodeMessage> gateways,
        @JsonProperty("tmap") Map<String, NodeMessage> storageNodes,
        @JsonProperty("proxy_si") NodeMessage primary,
        String uuid,
        @JsonProperty("creation_time") String creationTime,
        String version) {}
