package io.forebay.storage.notification;

import io.forebay.common.config.Secret;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A receiver of notifications, as operators set it up.
///
/// @param name by which buckets name it
/// @param uri where events are posted to, by HTTP or HTTPS
/// @param token sent as `Authorization: Bearer`, or null for none
public record Webhook(String name, URI uri, @Nullable Secret token) {}
