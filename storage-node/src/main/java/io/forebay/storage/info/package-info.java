/// What a storage node tells of itself in AIStore's words: identity, load, capacity, counters, health.
///
/// May use `object` for the space on disk.
@NullMarked
package io.forebay.storage.info;

import org.jspecify.annotations.NullMarked;
