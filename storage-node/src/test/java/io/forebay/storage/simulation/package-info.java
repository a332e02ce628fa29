/// A disk and an index in memory that crash and fail as real ones may, and the proofs that are made with them.
@NullMarked
package io.forebay.storage.simulation;

import org.jspecify.annotations.NullMarked;
