package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import io.forebay.system.crash.Calls.Face;
import io.forebay.system.crash.History.Change;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Compares a server after a crash with what is expected of it, object by object and listing by listing.
final class Verification {
    private static final int READERS = 4;
    private static final Pattern BUCKET = Pattern.compile("<Name>([^<]+)</Name>");
    private static final Pattern LISTED = Pattern.compile("<Key>([^<]+)</Key>.*?<Size>(\\d+)</Size>");

    private final URI url;
    private final Counts counts;
    private final boolean noneMayLose;
    private final Map<Entry, Value> found = new ConcurrentHashMap<>();

    /// @param noneMayLose whether buckets of durability `none` may have lost what was acknowledged: after a power cut
    Verification(URI url, Counts counts, boolean noneMayLose) {
        this.url = url;
        this.counts = counts;
        this.noneMayLose = noneMayLose;
    }

    /// Counts what is not as expected, and returns what there is.
    List<Change> check(History.Expected expected) {
        try (Calls calls = LoadClient.connect(url)) {
            checkBuckets(calls, expected.entries());
            checkObjects(expected.entries());
            checkHalfDestroyed(expected.entries());
            checkListings(calls, expected.entries());
            expected.uploads().forEach(upload -> checkUpload(calls, upload));
        }
        List<Change> changes = new ArrayList<>();
        found.forEach((entry, value) -> changes.add(new Change(entry, value)));
        return changes;
    }

    private void checkBuckets(Calls calls, List<Expectation> entries) {
        Answer answer = calls.buckets();
        Set<String> names = new HashSet<>();
        for (Matcher matcher = BUCKET.matcher(answer.text()); matcher.find(); ) {
            names.add(matcher.group(1));
        }
        for (Expectation expectation : entries) {
            if (expectation.entry().isBucket()) {
                boolean present = names.remove(expectation.entry().bucket());
                found.put(expectation.entry(), present ? Value.BUCKET : Value.ABSENT);
                count(expectation, present ? Value.BUCKET : Value.ABSENT);
                if (present && !expectation.mayBePresent()) {
                    counts.find(counts.back, "bucket is back: " + expectation);
                } else if (!present && !expectation.mayBeAbsent()) {
                    counts.find(counts.lost, "bucket is lost: " + expectation);
                }
            }
        }
        if (!names.isEmpty()) {
            counts.find(counts.wrong, "there are buckets that nobody created: " + names);
        }
    }

    private void checkObjects(List<Expectation> entries) {
        List<Thread> readers = new ArrayList<>();
        for (int reader = 0; reader < READERS; reader++) {
            int first = reader;
            readers.add(Thread.ofVirtual().start(() -> {
                try (Calls calls = LoadClient.connect(url)) {
                    for (int index = first; index < entries.size(); index += READERS) {
                        if (!entries.get(index).entry().isBucket()) {
                            checkObject(calls, entries.get(index), index / READERS % 2 == 0 ? Face.S3 : Face.AIS);
                        }
                    }
                } catch (RuntimeException failure) {
                    counts.find(counts.refused, "cannot read what is there: " + failure);
                }
            }));
        }
        for (Thread reader : readers) {
            try {
                reader.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private void checkObject(Calls calls, Expectation expectation, Face face) {
        Answer answer = calls.get(face, expectation.entry());
        if (answer.status() == 404) {
            found.put(expectation.entry(), Value.ABSENT);
            count(expectation, Value.ABSENT);
            if (!expectation.mayBeAbsent()) {
                lost(expectation, "nothing");
            }
        } else if (answer.status() == 200) {
            checkPresent(expectation, answer, face);
        } else {
            counts.find(counts.wrong, "GET answers " + answer.status() + " " + answer.text() + ": " + expectation);
        }
    }

    private void checkPresent(Expectation expectation, Answer answer, Face face) {
        Value allowed = holding(expectation.since(), expectation.floor(), answer, face);
        if (allowed != null) {
            found.put(expectation.entry(), allowed);
            count(expectation, allowed);
            return;
        }
        Value old = holding(expectation.older(), Value.ABSENT, answer, face);
        if (old == null) {
            found.put(expectation.entry(), Value.of(List.of(new Value.Piece(0, answer.body().length)), ""));
            boolean bytes = expectation.floor().holds(answer.body())
                    || expectation.since().stream().anyMatch(value -> value.holds(answer.body()));
            counts.find(
                    bytes ? counts.halfVisible : counts.wrong,
                    (bytes ? "wrong metadata \"" + Calls.noteOf(answer) + "\"" : answer.body().length + " wrong bytes")
                            + ": " + expectation);
            return;
        }
        found.put(expectation.entry(), old);
        if (expectation.mayBePresent()) {
            lost(expectation, "an older " + old);
        } else if (mayLose(expectation)) {
            counts.lostAtNone.increment();
        } else {
            counts.find(counts.back, "deleted object is back with " + old + ": " + expectation);
        }
    }

    private void lost(Expectation expectation, String instead) {
        if (mayLose(expectation)) {
            counts.lostAtNone.increment();
        } else {
            counts.find(counts.lost, "found " + instead + ": " + expectation);
        }
    }

    private boolean mayLose(Expectation expectation) {
        return noneMayLose && expectation.entry().durability() == Durability.NONE;
    }

    private void count(Expectation expectation, Value value) {
        counts.checked.increment();
        if (expectation.isDoubtful()) {
            counts.inDoubt.increment();
            if (expectation.since().contains(value)) {
                counts.inDoubtDone.increment();
            }
        }
    }

    /// The one of these values that the answer shows, or null.
    private static @Nullable Value holding(List<Value> values, Value last, Answer answer, Face face) {
        for (Value value : values) {
            if (shows(answer, face, value)) {
                return value;
            }
        }
        return shows(answer, face, last) ? last : null;
    }

    private static boolean shows(Answer answer, Face face, Value value) {
        boolean note =
                face == Face.AIS || value.note().isEmpty() || value.note().equals(Calls.noteOf(answer));
        return value.holds(answer.body()) && note;
    }

    /// A bucket that is still there, though its destruction had begun, has everything that it had.
    private void checkHalfDestroyed(List<Expectation> entries) {
        Map<String, Expectation> destroyed = new HashMap<>();
        for (Expectation expectation : entries) {
            if (expectation.entry().isBucket()
                    && isRemoval(expectation)
                    && found.getOrDefault(expectation.entry(), Value.ABSENT).present()) {
                destroyed.put(expectation.entry().bucket(), expectation);
            }
        }
        for (Expectation expectation : entries) {
            Entry entry = expectation.entry();
            if (!entry.isBucket()
                    && destroyed.containsKey(entry.bucket())
                    && isRemoval(expectation)
                    && !mayLose(expectation)
                    && !found.getOrDefault(entry, Value.ABSENT).present()) {
                counts.find(counts.halfVisible, "its bucket is there, but not " + expectation);
            }
        }
    }

    /// Whether all that happened since the mark is that something which was there began to be removed.
    private static boolean isRemoval(Expectation expectation) {
        return expectation.floor().present()
                && expectation.since().size() == 1
                && !expectation.since().getFirst().present();
    }

    /// Listings say what reading says.
    private void checkListings(Calls calls, List<Expectation> entries) {
        Map<String, Map<String, Integer>> byBucket = new TreeMap<>();
        found.forEach((entry, value) -> {
            if (entry.isBucket() && value.present()) {
                byBucket.put(entry.bucket(), new TreeMap<>());
            }
        });
        for (Expectation expectation : entries) {
            Entry entry = expectation.entry();
            Value value = found.getOrDefault(entry, Value.ABSENT);
            if (!entry.isBucket() && value.present()) {
                byBucket.computeIfAbsent(entry.bucket(), name -> new TreeMap<>())
                        .put(entry.object(), value.size());
            }
        }
        byBucket.forEach((bucket, objects) -> {
            Answer answer = calls.list(bucket);
            Map<String, Integer> listed = new TreeMap<>();
            for (Matcher matcher = LISTED.matcher(answer.text()); matcher.find(); ) {
                listed.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
            }
            if (!listed.equals(objects)) {
                counts.find(counts.halfVisible, "bucket " + bucket + " lists " + listed + ", but has " + objects);
            }
        });
    }

    private void checkUpload(Calls calls, OpenUpload.Seen upload) {
        boolean mayLose = noneMayLose && upload.entry().durability() == Durability.NONE;
        Answer answer = calls.parts(upload.entry(), upload.id());
        counts.checked.increment();
        for (String entityTag : upload.entityTags()) {
            if (!answer.text().contains(entityTag) && mayLose) {
                counts.lostAtNone.increment();
            } else if (!answer.text().contains(entityTag)) {
                counts.find(
                        counts.lost,
                        "the upload " + upload.id() + " of " + upload.entry() + " has no part " + entityTag + ": "
                                + answer.status() + " " + answer.text());
            }
        }
    }
}
