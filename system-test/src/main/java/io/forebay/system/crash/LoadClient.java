package io.forebay.system.crash;

import io.forebay.common.model.Durability;
import io.forebay.system.crash.Calls.Face;
import io.forebay.system.crash.History.Change;
import io.forebay.system.crash.Value.Piece;
import io.forebay.system.server.NotSentException;
import io.forebay.system.server.RawHttp.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/// One client with objects that nobody else writes: it does one operation after the other on a random one of
/// them, and keeps the history. A client may also own its bucket, which it creates and destroys.
final class LoadClient {
    private static final int SMALL = 9_000;
    private static final int LARGE = 100_000;
    private static final int MAX_PIECES = 8;
    private static final int MAX_PARTS = 4;

    private final History history;
    private final Counts counts;
    private final SplittableRandom random;
    private final Entry bucket;
    private final boolean ownsBucket;
    private final List<Entry> objects = new ArrayList<>();
    private long nextSeed;

    /// @param bucket the bucket's entry
    /// @param number of this client, no other's
    LoadClient(History history, Counts counts, Entry bucket, boolean ownsBucket, int number, int objects, long seed) {
        this.history = history;
        this.counts = counts;
        this.random = new SplittableRandom(seed * 1_000_003 + number);
        this.bucket = bucket;
        this.ownsBucket = ownsBucket;
        this.nextSeed = (seed << 40) + ((long) number << 28);
        for (int index = 0; index < objects; index++) {
            this.objects.add(history.add(bucket.bucket(), "o" + number + "/" + index, bucket.durability()));
        }
    }

    /// Does one operation. Throws UncheckedIOException when the server is gone.
    void step(Calls calls) {
        if (ownsBucket && stepBucket(calls)) {
            return;
        }
        Entry entry = objects.get(random.nextInt(objects.size()));
        if (entry.isDoubtful()) {
            return;
        }
        int choice = random.nextInt(100);
        if (choice < 33) {
            put(calls, entry, random.nextInt(SMALL));
        } else if (choice < 45) {
            put(calls, entry, SMALL + random.nextInt(LARGE - SMALL));
        } else if (choice < 60) {
            delete(calls, entry);
        } else if (choice < 72) {
            append(calls, entry);
        } else if (choice < 82) {
            multipart(calls, entry);
        } else if (choice < 92) {
            copy(calls, entry, objects.get(random.nextInt(objects.size())));
        } else {
            get(calls, entry);
        }
    }

    /// Whether it did something with the bucket, or can do nothing within it.
    private boolean stepBucket(Calls calls) {
        if (bucket.isDoubtful()) {
            return true;
        }
        if (!bucket.acknowledged().present()) {
            create(calls, bucket);
            return true;
        }
        if (random.nextInt(12) > 0 || objects.stream().anyMatch(Entry::isDoubtful)) {
            return false;
        }
        boolean empty = objects.stream().noneMatch(entry -> entry.acknowledged().present());
        List<Change> changes = new ArrayList<>(List.of(new Change(bucket, Value.ABSENT)));
        objects.forEach(entry -> changes.add(new Change(entry, Value.ABSENT)));
        operation(
                changes,
                () -> empty && random.nextBoolean()
                        ? calls.removeBucket(bucket.bucket())
                        : calls.destroyBucket(bucket.bucket()));
        return true;
    }

    /// Creates the bucket.
    void create(Calls calls, Entry created) {
        Durability durability = created.durability();
        operation(List.of(new Change(created, Value.BUCKET)), () -> calls.createBucket(created.bucket(), durability));
    }

    private void put(Calls calls, Entry entry, int size) {
        Piece piece = piece(size);
        Face face = face();
        String note = face == Face.S3 ? "n" + piece.seed() : "";
        Value value = Value.of(List.of(piece), note);
        operation(List.of(new Change(entry, value)), () -> calls.put(face, entry, piece.bytes(), note));
    }

    private void delete(Calls calls, Entry entry) {
        if (entry.acknowledged().present()) {
            Face face = face();
            operation(List.of(new Change(entry, Value.ABSENT)), () -> calls.delete(face, entry));
        }
    }

    private void copy(Calls calls, Entry source, Entry target) {
        if (source.acknowledged().present() && target != source && !target.isDoubtful()) {
            Value value = source.acknowledged();
            operation(List.of(new Change(target, value)), () -> calls.copy(source, target));
        }
    }

    private void append(Calls calls, Entry entry) {
        Value before = entry.acknowledged();
        if (before.pieces().size() > MAX_PIECES) {
            return;
        }
        List<Piece> pieces = new ArrayList<>();
        String handle = "";
        for (int left = 1 + random.nextInt(3); left > 0; left--) {
            Piece piece = piece(random.nextInt(4) == 0 ? 1 + random.nextInt(LARGE) : 1 + random.nextInt(SMALL));
            counts.operations.increment();
            Answer answer = calls.append(entry, handle, piece.bytes());
            if (!succeeded(answer, "append to " + entry)) {
                return;
            }
            counts.acknowledged.increment();
            handle = Calls.handle(answer);
            pieces.add(piece);
        }
        String last = handle;
        Value value = before.present() ? before.extended(pieces) : Value.of(pieces, "");
        operation(List.of(new Change(entry, value)), () -> calls.flush(entry, last));
    }

    private void multipart(Calls calls, Entry entry) {
        String note = "m" + nextSeed;
        counts.operations.increment();
        Answer created = calls.createUpload(entry, note);
        if (!succeeded(created, "create an upload of " + entry)) {
            return;
        }
        OpenUpload upload = history.beginUpload(entry, Calls.uploadId(created));
        List<Piece> pieces = new ArrayList<>();
        List<String> entityTags = new ArrayList<>();
        for (int number = 1 + random.nextInt(MAX_PARTS); number > 0; number--) {
            Piece piece = piece(1024 + random.nextInt(random.nextBoolean() ? SMALL : LARGE / 2));
            counts.operations.increment();
            Answer answer = calls.putPart(entry, upload.id(), pieces.size() + 1, piece.bytes());
            if (!succeeded(answer, "part of " + entry)) {
                return;
            }
            history.acknowledgePart(upload, Calls.entityTag(answer));
            entityTags.add(Calls.entityTag(answer));
            pieces.add(piece);
        }
        history.endUpload(upload);
        operation(
                List.of(new Change(entry, Value.of(pieces, note))),
                () -> calls.complete(entry, upload.id(), entityTags));
    }

    /// What was acknowledged is read back at once.
    private void get(Calls calls, Entry entry) {
        Answer answer = calls.get(face(), entry);
        Value value = entry.acknowledged();
        boolean right =
                answer.status() == (value.present() ? 200 : 404) && (!value.present() || value.holds(answer.body()));
        if (!right) {
            counts.find(
                    counts.wrong,
                    "a living server answers GET " + entry + " with " + answer.status() + " and " + answer.body().length
                            + " bytes where it has " + value);
        }
    }

    private void operation(List<Change> changes, Supplier<Answer> call) {
        counts.operations.increment();
        history.begin(changes);
        Answer answer;
        try {
            answer = call.get();
        } catch (NotSentException e) {
            history.withdraw(changes);
            throw e;
        }
        if (succeeded(answer, changes.toString())) {
            history.acknowledge(changes);
        }
    }

    private boolean succeeded(Answer answer, String what) {
        // A multipart completion may fail with status 200.
        boolean success = answer.status() / 100 == 2 && !answer.text().contains("<Error>");
        if (!success && answer.status() == 507) {
            counts.full.increment();
        } else if (!success) {
            counts.find(counts.refused, "answer " + answer.status() + " " + answer.text() + " to " + what);
        }
        return success;
    }

    private Piece piece(int size) {
        return new Piece(nextSeed++, size);
    }

    private Face face() {
        return random.nextBoolean() ? Face.S3 : Face.AIS;
    }

    /// Connects. Throws UncheckedIOException when nobody answers.
    static Calls connect(URI url) {
        return new Calls(new Connection(url));
    }
}
