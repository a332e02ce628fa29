/// The role that keeps objects on disks.
@NullMarked
package io.forebay.storage;

import org.jspecify.annotations.NullMarked;
