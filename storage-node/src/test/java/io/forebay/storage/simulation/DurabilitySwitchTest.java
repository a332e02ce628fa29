package io.forebay.storage.simulation;

import static io.forebay.storage.object.SimulatedStore.NONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.common.model.Durability;
import io.forebay.storage.metadata.InMemoryEngine;
import io.forebay.storage.object.SimulatedStore;
import io.forebay.storage.simulation.Model.Change;
import io.forebay.storage.simulation.Model.Kind;
import io.forebay.storage.simulation.Model.Promise;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bytes that were written without a sync, and what is made of them when their bucket asks for more: what is
/// acknowledged then is durable with all its bytes, and the power goes at every moment of it.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class DurabilitySwitchTest {
    private static final int LARGE = 11_000;
    private static final int SMALL = 900;

    private final CrashCheck check = new CrashCheck();

    @Test
    void attributesOfWhatWasWrittenWithoutASync() {
        for (int size : new int[] {SMALL, LARGE}) {
            row(put("x", size), DurabilitySwitchTest::setAttributes);
            row(put("b", size), put("x", size), DurabilitySwitchTest::setAttributes);
        }
    }

    @Test
    void appendingToWhatWasWrittenWithoutASync() {
        for (int size : new int[] {SMALL, LARGE}) {
            row(put("x", size), DurabilitySwitchTest::append);
            row(put("x", size), put("b", LARGE), DurabilitySwitchTest::append);
        }
    }

    @Test
    void completingPartsThatWereWrittenWithoutASync() {
        row(parts(LARGE), DurabilitySwitchTest::complete);
        row(parts(LARGE, SMALL, LARGE), DurabilitySwitchTest::complete);
        row(parts(SMALL), DurabilitySwitchTest::complete);
        row(put("x", LARGE), parts(LARGE, LARGE), DurabilitySwitchTest::complete);
    }

    @Test
    void appendingPiecesThatWereWrittenWithoutASync() {
        row(put("x", LARGE), extending(LARGE), DurabilitySwitchTest::complete);
        row(put("x", SMALL), extending(LARGE), DurabilitySwitchTest::complete);
        row(put("x", LARGE), extending(SMALL), DurabilitySwitchTest::complete);
    }

    @Test
    void copyingWhatWasWrittenWithoutASync() {
        for (int size : new int[] {SMALL, LARGE}) {
            row(put("x", size), (store, model) -> {
                byte[] content = Objects.requireNonNull(store.get(NONE, "x"));
                model.begin(Kind.ATOMIC, List.of(Change.to("o/2/y", digest(content))), Operation.NOTHING);
                store.put(NONE, "y", content);
                model.acknowledge(Promise.DURABLE);
                return true;
            });
        }
    }

    @Test
    void replacingAndRemovingWhatWasWrittenWithoutASync() {
        for (int size : new int[] {SMALL, LARGE}) {
            row(put("x", size), (store, model) -> {
                byte[] content = model.content(LARGE);
                model.begin(Kind.ATOMIC, List.of(Change.to("o/2/x", digest(content))), Operation.NOTHING);
                store.put(NONE, "x", content);
                model.acknowledge(Promise.DURABLE);
                return true;
            });
            row(put("x", size), (store, model) -> {
                model.begin(Kind.ATOMIC, List.of(Change.gone("o/2/x")), Operation.NOTHING);
                store.remove(NONE, "x");
                model.acknowledge(Promise.DURABLE);
                return true;
            });
        }
    }

    /// A stop is no promise of durability, but nothing that is found after it may be half or wrong.
    @Test
    void powerCutDuringAndAfterAStopLeavesWholeObjects() {
        int cuts = 0;
        for (CrashBase.Fill fill : CrashBase.Fill.values()) {
            CrashBase base = CrashBase.of(fill);
            for (List<Step> row : List.of(
                    List.of(put("x", SMALL)),
                    List.of(put("x", LARGE)),
                    List.of(put("b", LARGE), put("a", SMALL)),
                    List.of(put("x", SMALL), DurabilitySwitchTest::setUnsyncedAttributes),
                    List.of(parts(LARGE, SMALL)),
                    List.<Step>of(Operation.FLUSH, put("x", LARGE), put("a", SMALL), Operation.REMOVE_UNSYNCED))) {
                List<CrashCheck.Cut> stop =
                        new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).stop(row);
                everyFate(stop);
                cuts += stop.size();
            }
        }
        assertThat(cuts).isPositive();
    }

    /// Does the steps without syncs, and the last at `group` and at `strict`.
    private void row(Step... steps) {
        for (CrashBase.Fill fill : CrashBase.Fill.values()) {
            for (Durability durability : List.of(Durability.GROUP, Durability.STRICT)) {
                List<Step> row = new ArrayList<>(List.of(steps));
                row.add(row.size() - 1, (store, model) -> {
                    store.switchDurability(NONE, durability);
                    return true;
                });
                CrashBase base = CrashBase.of(fill);
                List<CrashCheck.Cut> cuts =
                        new CrashRun(base, SimulatedDisk.Flaw.NONE, InMemoryEngine.Flaw.NONE).run(row);
                assertThat(cuts).isNotEmpty();
                everyFate(cuts);
            }
        }
    }

    private void everyFate(List<CrashCheck.Cut> cuts) {
        for (CrashCheck.Cut cut : cuts) {
            Fates.of(cut.image()).forEach(fate -> check.check(cut, fate));
        }
    }

    private static Step put(String name, int size) {
        return (store, model) -> Operation.put(store, model, NONE, name, size);
    }

    private static boolean setAttributes(SimulatedStore store, Model model) {
        return setAttributes(store, model, Promise.DURABLE);
    }

    private static boolean setUnsyncedAttributes(SimulatedStore store, Model model) {
        return setAttributes(store, model, Promise.LATER);
    }

    private static boolean setAttributes(SimulatedStore store, Model model, Promise promise) {
        byte[] content = Objects.requireNonNull(store.get(NONE, "x"));
        Map<String, String> custom = Map.of("k", "v");
        model.begin(
                Kind.ATOMIC, List.of(Change.to("o/2/x", SimulatedStore.digest(content, custom))), Operation.NOTHING);
        store.setCustom(NONE, "x", custom);
        model.acknowledge(promise);
        return true;
    }

    private static boolean append(SimulatedStore store, Model model) {
        byte[] more = model.content(LARGE);
        String digest = digest(join(Objects.requireNonNull(store.get(NONE, "x")), more));
        model.begin(Kind.PIECEMEAL, List.of(Change.to("o/2/x", digest)), "2/x/");
        store.extend(NONE, "x", more);
        model.acknowledge(Promise.DURABLE);
        return true;
    }

    /// An upload of `x` with parts of those sizes.
    private static Step parts(int... sizes) {
        return (store, model) -> addParts(store, model, store.createUpload(NONE, "x"), sizes);
    }

    /// An upload that appends pieces of those sizes to `x`.
    private static Step extending(int... sizes) {
        return (store, model) -> addParts(store, model, store.beginExtending(NONE, "x"), sizes);
    }

    private static boolean addParts(SimulatedStore store, Model model, String id, int... sizes) {
        model.begin(Kind.ATOMIC, List.of(Change.to("u/2/x/" + id, "upload")), Operation.NOTHING);
        model.acknowledge(Promise.LATER);
        for (int number = 1; number <= sizes.length; number++) {
            byte[] content = model.content(sizes[number - 1]);
            boolean file = content.length > SimulatedStore.SMALL_BYTES;
            Change change = new Change("p/2/x/" + id + "/" + number, digest(content), file);
            model.begin(Kind.ATOMIC, List.of(change), Operation.NOTHING);
            store.putPart(NONE, "x", id, number, content);
            model.acknowledge(Promise.LATER);
        }
        return true;
    }

    private static boolean complete(SimulatedStore store, Model model) {
        String upload = model.keys("u/2/x/").getFirst();
        String id = upload.substring(upload.lastIndexOf('/') + 1);
        byte[] before = store.isExtending(NONE, "x", id) ? Objects.requireNonNull(store.get(NONE, "x")) : new byte[0];
        List<Change> changes = new ArrayList<>();
        changes.add(Change.to("o/2/x", digest(join(before, store.parts(NONE, "x", id)))));
        changes.add(Change.gone(upload));
        model.keys("p/2/x/" + id + "/").forEach(key -> changes.add(Change.gone(key)));
        // Until then the upload may be lost, which looks as if it had ended.
        model.begin(Kind.PIECEMEAL, changes, Operation.NOTHING);
        store.complete(NONE, "x", id);
        model.acknowledge(Promise.DURABLE);
        return true;
    }

    private static String digest(byte[] content) {
        return SimulatedStore.digest(content, Map.of());
    }

    private static byte[] join(byte[] one, byte[] two) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(one);
        both.writeBytes(two);
        return both.toByteArray();
    }
}
