/// Archives that are objects: finds their members by an index beside the object, which is made while its
/// bytes arrive or when it is missed, reads one member, or several, and appends one.
///
/// May use `storage.object` and its records (`storage.metadata`), and what `transform.archive` knows of formats.
@NullMarked
package io.forebay.storage.archive;

import org.jspecify.annotations.NullMarked;
