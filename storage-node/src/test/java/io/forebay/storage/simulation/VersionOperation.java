package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.VERSIONED;

import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.simulation.Model.Change;
import io.forebay.storage.simulation.Model.Kind;
import io.forebay.storage.simulation.Model.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Something that is done to the versions of one object.
enum VersionOperation implements Step {
    PUT_SMALL_VERSION {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, 2000);
        }
    },
    PUT_LARGE_VERSION {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, 9500);
        }
    },
    MARK {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            List<String> versions = versions(model);
            if (versions.isEmpty() || versions.getFirst().equals(MARKER)) {
                return false;
            }
            versions.addFirst(MARKER);
            return change(model, versions, "MARKED " + NAME, () -> store.remove(VERSIONED, NAME));
        }
    },
    REMOVE_NEWEST {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return remove(store, model, 0);
        }
    },
    REMOVE_OLDER {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return remove(store, model, 1);
        }
    };

    private static final String NAME = "v";
    private static final String MARKER = "-";

    private static boolean put(SimulatedStore store, Model model, int length) {
        byte[] content = model.content(length);
        List<String> versions = versions(model);
        versions.addFirst(SimulatedStore.digest(content, Map.of()));
        return change(model, versions, "WRITTEN " + NAME + " " + length, () -> store.put(VERSIONED, NAME, content));
    }

    private static boolean remove(SimulatedStore store, Model model, int age) {
        List<String> versions = versions(model);
        if (versions.size() <= age) {
            return false;
        }
        versions.remove(age);
        return change(model, versions, "REMOVED " + NAME, () -> store.removeVersion(NAME, age));
    }

    private static List<String> versions(Model model) {
        String known = model.newest("v/" + VERSIONED + "/" + NAME);
        return known == null ? new ArrayList<>() : new ArrayList<>(List.of(known.split("\\|", -1)));
    }

    /// Makes the versions those, with one change of the store.
    private static boolean change(Model model, List<String> versions, String told, Runnable how) {
        String object = "o/" + VERSIONED + "/" + NAME;
        String all = "v/" + VERSIONED + "/" + NAME;
        boolean removed = versions.isEmpty() || versions.getFirst().equals(MARKER);
        List<Change> changes = new ArrayList<>();
        if (!removed) {
            changes.add(Change.to(object, versions.getFirst()));
        } else if (model.has(object)) {
            changes.add(Change.gone(object));
        }
        changes.add(versions.isEmpty() ? Change.gone(all) : Change.to(all, String.join("|", versions)));
        changes.add(ToldOperation.told(model, VERSIONED, told));
        model.begin(Kind.ATOMIC, changes, Operation.NOTHING);
        how.run();
        model.acknowledge(Promise.DURABLE);
        return true;
    }
}
