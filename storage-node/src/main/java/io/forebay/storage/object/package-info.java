/// The kernel: reads, writes and removes one object; parts and uploads; key locks.
///
/// May use `metadata` and `volume`. Every operation may block unless its `Waiting` says otherwise; no lock is held
/// while object bytes move.
@NullMarked
package io.forebay.storage.object;

import org.jspecify.annotations.NullMarked;
