/// Tells webhooks of the changes of objects: what an event says, and that it is posted until it was taken.
///
/// May use `object` and `metadata`.
@NullMarked
package io.forebay.storage.notification;

import org.jspecify.annotations.NullMarked;
