package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.TOLD;

import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.simulation.Model.Change;
import io.forebay.storage.simulation.Model.Kind;
import io.forebay.storage.simulation.Model.Promise;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Something that is done to a bucket whose changes are told, or to what is to be told of them.
enum ToldOperation implements Step {
    PUT_SMALL {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, 2000);
        }
    },
    PUT_LARGE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            return put(store, model, 9500);
        }
    },
    REMOVE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            if (!model.has(OBJECT)) {
                return false;
            }
            model.begin(Kind.ATOMIC, List.of(Change.gone(OBJECT), told(model, TOLD, "REMOVED a")), Operation.NOTHING);
            store.remove(TOLD, NAME);
            model.acknowledge(Promise.DURABLE);
            return true;
        }
    },
    COMPLETE {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            byte[] content = content(model, 3000);
            return complete(store, model, () -> store.createUpload(TOLD, NAME), content, content, "COMPLETED");
        }
    },
    EXTEND {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            byte[] before = store.get(TOLD, NAME);
            if (before == null || before.length > 40_000) {
                return false;
            }
            byte[] more = content(model, 1500);
            byte[] whole = ByteBuffer.allocate(before.length + more.length)
                    .put(before)
                    .put(more)
                    .array();
            return complete(store, model, () -> store.beginExtending(TOLD, NAME), more, whole, "WRITTEN");
        }
    },
    /// What was told may be there again after a crash.
    DELIVER {
        @Override
        public boolean run(SimulatedStore store, Model model) {
            String letters = model.newest(key(TOLD));
            if (letters == null) {
                return false;
            }
            int end = letters.indexOf('|');
            Change rest = end < 0 ? Change.gone(key(TOLD)) : Change.to(key(TOLD), letters.substring(end + 1));
            model.begin(Kind.ATOMIC, List.of(rest), Operation.NOTHING);
            store.deliver(TOLD);
            model.acknowledge(Promise.LATER);
            return true;
        }
    };

    private static final String NAME = "a";
    private static final String OBJECT = "o/" + TOLD + "/" + NAME;

    private static String key(long bucket) {
        return "n/" + bucket;
    }

    /// That something more is to be told of a bucket.
    static Change told(Model model, long bucket, String what) {
        String before = model.newest(key(bucket));
        return Change.to(key(bucket), before == null ? what : before + "|" + what);
    }

    /// Bytes of a number that no other write has, so that no two changes are told with the same text.
    private static byte[] content(Model model, int least) {
        byte[] bytes = model.content(least + 2048);
        return Arrays.copyOf(bytes, least + ((bytes[0] & 0xFF) << 3) + (bytes[1] & 7));
    }

    private static boolean put(SimulatedStore store, Model model, int length) {
        byte[] content = content(model, length);
        Change object =
                new Change(OBJECT, SimulatedStore.digest(content, Map.of()), length > SimulatedStore.SMALL_BYTES);
        Change told = told(model, TOLD, "WRITTEN a " + content.length);
        model.begin(Kind.ATOMIC, List.of(object, told), Operation.NOTHING);
        store.put(TOLD, NAME, content);
        model.acknowledge(Promise.DURABLE);
        return true;
    }

    /// Begins an upload, gives it one part and makes it the object.
    private static boolean complete(
            SimulatedStore store, Model model, Supplier<String> upload, byte[] part, byte[] whole, String what) {
        String place = TOLD + "/" + NAME + "/";
        model.begin(Kind.PIECEMEAL, List.of(), place);
        String id = upload.get();
        model.begin(
                Kind.PIECEMEAL,
                List.of(
                        Change.to("u/" + place + id, "upload"),
                        Change.to("p/" + place + id + "/1", SimulatedStore.digest(part, Map.of()))),
                place);
        store.putPart(TOLD, NAME, id, 1, part);
        model.acknowledge(Promise.DURABLE);
        model.begin(
                Kind.ATOMIC,
                List.of(
                        Change.to(OBJECT, SimulatedStore.digest(whole, Map.of())),
                        Change.gone("u/" + place + id),
                        Change.gone("p/" + place + id + "/1"),
                        told(model, TOLD, what + " a " + whole.length)),
                Operation.NOTHING);
        store.complete(TOLD, NAME, id);
        model.acknowledge(Promise.DURABLE);
        return true;
    }
}
