package io.forebay.storage.object;

/// What keeps changes of one object, upload or bucket from getting into each other's way, on all volumes of a node.
///
/// @param uploads taken before a key's lock
record Guards(UploadLocks uploads, KeyLocks keys, WriteGate gate) {}
