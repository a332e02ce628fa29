package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.DOOMED;
import static io.forebay.storage.object.SimulatedStore.GROUP;
import static io.forebay.storage.object.SimulatedStore.NONE;
import static io.forebay.storage.object.SimulatedStore.STRICT;

import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.simulation.Model.Change;
import io.forebay.storage.simulation.Model.Kind;
import io.forebay.storage.simulation.Model.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something that is done to a store, and what the model is told of it.
enum Operation implements Step {
    PUT_NEW {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, GROUP, "n" + model.keys("o/1/n").size(), 700);
        }
    },
    OVERWRITE_SMALL {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, GROUP, "a", 5000);
        }
    },
    OVERWRITE_LARGE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, GROUP, "b", 9000);
        }
    },
    SHRINK {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, GROUP, "b", 100);
        }
    },
    REMOVE_SMALL {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return remove(store, model, GROUP, "a");
        }
    },
    REMOVE_LARGE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return remove(store, model, GROUP, "b");
        }
    },
    PUT_SMALL_UNSYNCED {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, NONE, "a", 3000);
        }
    },
    PUT_LARGE_UNSYNCED {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, NONE, "b", 10_000);
        }
    },
    /// As much as some segments take.
    FILL_UNSYNCED {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            for (int index = 0; index < 18; index++) {
                put(store, model, NONE, "u" + index, 7500);
            }
            return true;
        }
    },
    REMOVE_UNSYNCED {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return remove(store, model, NONE, "a");
        }
    },
    PUT_STRICT {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, STRICT, "a", 4500);
        }
    },
    ATTRIBUTES {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            byte[] content = store.get(GROUP, "a");
            if (content == null) {
                return false;
            }
            Map<String, String> custom = Map.of("k", Integer.toString(model.content(4)[0]));
            model.begin(Kind.ATOMIC, List.of(Change.to("o/1/a", SimulatedStore.digest(content, custom))), NOTHING);
            store.setCustom(GROUP, "a", custom);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    COPY {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            byte[] content = store.get(GROUP, "b");
            if (content == null) {
                return false;
            }
            model.begin(Kind.ATOMIC, List.of(Change.to("o/1/c", SimulatedStore.digest(content, Map.of()))), NOTHING);
            store.put(GROUP, "c", content);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    PUT_PART {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            String id = upload(model);
            if (id == null) {
                return false;
            }
            byte[] content = model.content(9500);
            String key = "p/1/m/" + id + "/1";
            model.begin(Kind.ATOMIC, List.of(Change.to(key, SimulatedStore.digest(content, Map.of()))), NOTHING);
            store.putPart(GROUP, "m", id, 1, content);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    COMPLETE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            String id = upload(model);
            if (id == null) {
                return false;
            }
            model.begin(Kind.ATOMIC, ending(model, id, store.wholeUpload(GROUP, "m", id)), NOTHING);
            store.complete(GROUP, "m", id);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    ABORT {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            String id = upload(model);
            if (id == null) {
                return false;
            }
            model.begin(Kind.ATOMIC, ending(model, id, null), NOTHING);
            store.abort(GROUP, "m", id);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    /// Behind all that is there, or behind less.
    EXTEND {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            byte[] content = store.get(GROUP, "a");
            if (content == null || content.length > 40_000) {
                return false;
            }
            byte[] more = model.content(1500);
            int front = content.length % 1000 < 500 ? content.length - 700 : content.length;
            byte[] whole = Arrays.copyOf(content, front + more.length);
            System.arraycopy(more, 0, whole, front, more.length);
            String digest = SimulatedStore.digest(whole, store.custom(GROUP, "a"));
            // The upload and its part are there before the object is extended, and may stay in a crash.
            model.begin(Kind.PIECEMEAL, List.of(Change.to("o/1/a", digest)), "1/a/");
            store.extend(GROUP, "a", front, more);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    /// A copy that comes from another node, with its stamp.
    RECEIVE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            String stamp = nextStamp(model);
            byte[] content = model.content(stamp.hashCode() % 2 == 0 ? 2500 : 11_000);
            String digest = SimulatedStore.digest(content, Map.of()) + "@" + stamp;
            model.begin(Kind.ATOMIC, List.of(Change.to("o/1/r", digest)), NOTHING);
            store.receive(GROUP, "r", content, version(stamp));
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    /// A removal that other nodes may not know of.
    REMOVE_REMEMBERED {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            if (!model.has("o/1/r")) {
                return false;
            }
            String stamp = nextStamp(model);
            model.begin(Kind.ATOMIC, List.of(Change.gone("o/1/r"), Change.to("t/1/r", stamp)), NOTHING);
            store.receiveRemoval(GROUP, "r", version(stamp));
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    FORGET {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            List<Change> changes = model.keys("t/").stream().map(Change::gone).toList();
            if (changes.isEmpty()) {
                return false;
            }
            model.begin(Kind.PIECEMEAL, changes, NOTHING);
            store.dropTombstones();
            model.acknowledge(Promise.LATER);
            return true;
        }
    },
    DROP_BUCKET {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            List<Change> changes = new ArrayList<>();
            for (String family : List.of("o/4/", "u/4/", "p/4/", "t/4/")) {
                model.keys(family).forEach(key -> changes.add(Change.gone(key)));
            }
            if (changes.isEmpty()) {
                return false;
            }
            model.begin(Kind.PIECEMEAL, changes, NOTHING);
            store.dropBucket(DOOMED);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    UPKEEP {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            store.round();
            model.settle();
            return true;
        }
    },
    FLUSH {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            store.requestFlush();
            store.round();
            store.round();
            model.settle();
            return true;
        }
    },
    COMPACT {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            store.compact();
            store.requestFlush();
            store.round();
            store.round();
            model.settle();
            return true;
        }
    };

    static final String NOTHING = "-";

    static boolean put(SimulatedStore store, Model model, long bucket, String name, int length) {
        byte[] content = model.content(length);
        String digest = SimulatedStore.digest(content, Map.of());
        boolean ownFile = length > SimulatedStore.SMALL_BYTES;
        model.begin(Kind.ATOMIC, List.of(new Change("o/" + bucket + "/" + name, digest, ownFile)), NOTHING);
        store.put(bucket, name, content);
        model.acknowledge(bucket == NONE ? Promise.LATER : Promise.DURABLE);
        return true;
    }

    static boolean remove(SimulatedStore store, Model model, long bucket, String name) {
        String key = "o/" + bucket + "/" + name;
        if (!model.has(key)) {
            return false;
        }
        model.begin(Kind.ATOMIC, List.of(Change.gone(key)), NOTHING);
        store.remove(bucket, name);
        model.acknowledge(bucket == NONE ? Promise.LATER : Promise.DURABLE);
        return true;
    }

    /// A stamp that is newer than what is known of the object that other nodes write.
    private static String nextStamp(Model model) {
        long newest = 0;
        String object = model.newest("o/1/r");
        String tombstone = model.newest("t/1/r");
        if (object != null) {
            newest = version(object.substring(object.indexOf('@') + 1));
        }
        if (tombstone != null) {
            newest = Math.max(newest, version(tombstone));
        }
        return SimulatedStore.EPOCH + "." + (newest + 1);
    }

    private static long version(String stamp) {
        return Long.parseLong(stamp.substring(stamp.indexOf('.') + 1));
    }

    private static @Nullable String upload(Model model) {
        List<String> uploads = model.keys("u/1/m/");
        return uploads.isEmpty() ? null : uploads.getFirst().substring("u/1/m/".length());
    }

    /// The changes of an upload's end, with the digest of the object that it becomes or without one.
    private static List<Change> ending(Model model, String id, @Nullable String digest) {
        List<Change> changes = new ArrayList<>();
        if (digest != null) {
            changes.add(Change.to("o/1/m", digest));
        }
        changes.add(Change.gone("u/1/m/" + id));
        model.keys("p/1/m/" + id + "/").forEach(key -> changes.add(Change.gone(Objects.requireNonNull(key))));
        return changes;
    }
}
