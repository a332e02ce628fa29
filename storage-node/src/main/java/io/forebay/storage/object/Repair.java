package io.forebay.storage.object;

import io.forebay.storage.metadata.DamageTable;

/// Brings good bytes in the place of damaged ones: the seam for copies on other nodes.
@FunctionalInterface
public interface Repair {
    /// Where there is no other copy.
    Repair NONE = damage -> {};

    /// Called when damage was found, by the thread that found it: only to be remembered and done elsewhere. A repair is
    /// an overwrite like any other, which ends the damage.
    void wanted(DamageTable.Entry damage);
}
