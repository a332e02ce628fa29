package io.forebay.protocol.api;

import java.util.List;

/// What one storage node says of the verification of its volumes, and what it knows to be damaged.
public record ScrubList(String node, List<ScrubInfo> volumes, List<DamageInfo> damaged) {}
