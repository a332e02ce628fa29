package io.forebay.gateway.listing;

import io.forebay.common.model.NodeId;
import io.forebay.protocol.api.Page;

/// What a node said of a bucket.
record NodePage(NodeId node, Page page) {}
