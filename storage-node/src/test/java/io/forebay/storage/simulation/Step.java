package io.forebay.storage.simulation;

import io.forebay.storage.object.SimulatedStore;

/// One step of a row of operations.
@FunctionalInterface
interface Step {
    /// Does it and tells the model. False when there is nothing to do it to; the store is untouched then.
    boolean run(SimulatedStore store, Model model);
}
