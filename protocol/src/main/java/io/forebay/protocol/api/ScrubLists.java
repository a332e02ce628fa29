package io.forebay.protocol.api;

import java.util.List;

/// `ScrubList` of every active storage node: what `GET` and `POST /admin/scrub` of the control port answer.
public record ScrubLists(List<ScrubList> nodes) {}
