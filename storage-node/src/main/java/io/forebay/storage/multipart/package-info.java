/// Objects made of parts: multipart uploads and appending, both on the kernel's uploads.
///
/// Decides which parts become the object and which checksums it has; completing is one commit of the kernel, and no
/// byte is copied. May use `object`, `metadata` and `volume`.
@NullMarked
package io.forebay.storage.multipart;

import org.jspecify.annotations.NullMarked;
