/// Objects as ciphertext: their keys, their bytes, and what of their records only those see who have the key.
///
/// A stored object is a record of its ciphertext, with a `Seal`: the key of its bytes, itself encrypted, and what the
/// content is (`docs/decisions/0022-server-side-encryption.md`, `docs/storage-format.md`). May use `metadata`.
@NullMarked
package io.forebay.storage.crypto;

import org.jspecify.annotations.NullMarked;
