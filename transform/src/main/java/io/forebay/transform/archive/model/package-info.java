/// What an archive and its members are, and the bounds that a hostile one breaks. Uses no other package of
/// this module.
@NullMarked
package io.forebay.transform.archive.model;

import org.jspecify.annotations.NullMarked;
