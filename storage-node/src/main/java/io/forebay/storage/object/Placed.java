package io.forebay.storage.object;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.Mutation;
import java.util.ArrayList;
import java.util.List;

/// A change of the index of one volume.
record Placed(VolumeStore store, Mutation mutation) {
    /// Commits changes in their order, those of one volume that follow each other together.
    static void commit(List<Placed> changes, Durability durability) {
        List<Mutation> together = new ArrayList<>(changes.size());
        for (int index = 0; index < changes.size(); index++) {
            Placed change = changes.get(index);
            together.add(change.mutation);
            boolean last =
                    index + 1 == changes.size() || !changes.get(index + 1).store.equals(change.store);
            if (last) {
                change.store.commit(List.copyOf(together), durability);
                together.clear();
            }
        }
    }
}
