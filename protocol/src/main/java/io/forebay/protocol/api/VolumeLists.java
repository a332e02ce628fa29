package io.forebay.protocol.api;

import java.util.List;

/// The volumes of every active storage node, by node id: what `GET /admin/volumes` of the control port answers.
public record VolumeLists(List<VolumeList> nodes) {}
