package io.forebay.storage.object;

/// What keeps changes of one object, upload or bucket from getting into each other's way, on all volumes of a
/// node.
///
/// @param uploads taken before a key's turn
/// @param turns of the changes that begin here, taken before a key's lock and held while other nodes are asked
/// @param keys never held while other nodes are asked
record Guards(UploadLocks uploads, KeyLocks turns, KeyLocks keys, WriteGate gate) {}
