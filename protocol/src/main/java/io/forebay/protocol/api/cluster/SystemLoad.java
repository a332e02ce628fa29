package io.forebay.protocol.api.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;

/// Memory and processor use of a node's machine, MemCPUInfo (`apc/sys.go`).
public record SystemLoad(
        @JsonProperty("mem_used") long memoryUsed,
        @JsonProperty("mem_avail") long memoryAvailable,
        @JsonProperty("pct_mem_used") double percentMemoryUsed,
        @JsonProperty("pct_cpu_used") double percentProcessorUsed,
        @JsonProperty("load_avg") SystemLoad.Average loadAverage,
        @JsonProperty("cpu_util") long processorPercent) {

    /// Load averages over one, five and fifteen minutes.
    public record Average(
            @JsonProperty("One") double one,
            @JsonProperty("Five") double five,
            @JsonProperty("Fifteen") double fifteen) {}
}
