package io.forebay.system.owners;

import io.forebay.cluster.state.ClusterState;
import io.forebay.common.io.XxHash64;
import io.forebay.common.model.BucketName;
import io.forebay.common.model.ObjectKey;
import io.forebay.protocol.api.AisActions;
import io.forebay.protocol.api.AisHeaders;
import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Method;
import io.forebay.protocol.http.PercentCode;
import io.forebay.system.history.Operation;
import io.forebay.system.history.Operation.Call;
import io.forebay.system.history.Operation.Outcome;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What clients do, and the record of what they were told. Safe to share between threads.
final class OwnersWork {
    private static final byte[] NOTHING = {};
    private static final int KEYS = 5;

    private final OwnersCluster cluster;
    private final Contents contents;
    private final List<String> buckets;
    private final List<KeyLog> keys = new ArrayList<>();
    private final KeyLog[] inUse;
    private final Queue<Upload> uploads = new ConcurrentLinkedQueue<>();
    private final Queue<Append> appends = new ConcurrentLinkedQueue<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private final Consumer<String> notes;

    /// An upload in progress: the content that it is to be, cut in parts.
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares uploads.
    private record Upload(KeyLog log, String id, int losses, int content, List<byte[]> parts, int[] sent) {}

    /// An append in progress.
    private record Append(KeyLog log, String handle, int losses, List<byte[]> pieces) {}

    OwnersWork(OwnersCluster cluster, List<String> buckets, long seed, Consumer<String> notes) {
        this.cluster = cluster;
        this.contents = new Contents(seed);
        this.buckets = buckets;
        this.notes = notes;
        this.inUse = new KeyLog[buckets.size() * KEYS];
    }

    /// One client's operations of one round. For one thread.
    final class Client {
        private final Random random;
        private final OwnersClient client;
        private final String name;

        Client(String name, List<ClusterState> known, long seed) {
            this.name = name;
            this.random = new Random(seed);
            this.client = new OwnersClient(cluster, known, random);
        }

        void step() {
            int slot = random.nextInt(inUse.length);
            KeyLog log = log(slot);
            boolean appendable = slot % KEYS == 0;
            switch (random.nextInt(appendable ? 12 : 16)) {
                case 0, 1, 2, 3 -> put(log);
                case 4, 5, 6 -> get(log);
                case 7, 8 -> delete(log);
                case 9 -> patch(log);
                case 10, 11 -> {
                    if (appendable) {
                        append(log);
                    } else {
                        upload(log);
                    }
                }
                case 12 -> head(log);
                case 13 -> range(log);
                default -> upload(log);
            }
        }

        private void note(KeyLog log, String what, OwnersClient.Answer answer) {
            String code = answer.code().isEmpty() ? "" + answer.status() : answer.code();
            notes.accept(name + " " + what + " " + log.key().bucket().name() + "/"
                    + log.key().name() + " at " + answer.node() + ": " + code
                    + (answer.isDone() ? "" : " " + answer.text()));
        }

        private String by(OwnersClient.Answer answer) {
            return name + "@" + answer.node();
        }

        private void put(KeyLog log) {
            int written = contents.next(random.nextInt(3) == 0 ? 1 + random.nextInt(12) : 0);
            Headers headers = new Headers();
            Call call = Call.PUT;
            int expected = Operation.ABSENT;
            int kind = random.nextInt(6);
            if (kind == 0) {
                call = Call.PUT_IF_ABSENT;
                headers.set("If-None-Match", "*");
            } else if (kind == 1 && written > 1) {
                int earlier = written - 1 - random.nextInt(Math.min(written - 1, 5));
                if (contents.isWhole(earlier)) {
                    call = Call.PUT_IF_MATCH;
                    expected = earlier;
                    headers.set("If-Match", "\"" + tag(contents.bytes(earlier)) + "\"");
                }
            }
            long begin = System.nanoTime();
            OwnersClient.Answer answer = client.call(Method.PUT, log.key(), "", headers, contents.bytes(written));
            note(log, call + " " + written, answer);
            Outcome outcome = answer.outcome();
            if (outcome == Outcome.MISSING && call != Call.PUT_IF_MATCH) {
                outcome = null;
            }
            record(log, call, written, expected, outcome, Operation.ABSENT, begin, answer);
        }

        private void record(
                KeyLog log,
                Call call,
                int written,
                int expected,
                @Nullable Outcome outcome,
                int found,
                long begin,
                OwnersClient.Answer answer) {
            if (outcome == null) {
                fault(log, call + " was answered " + answer.status() + " " + answer.code() + " " + answer.text());
                outcome = Outcome.UNKNOWN;
            }
            log.add(call, written, expected, outcome, found, begin, by(answer));
        }

        /// False when there was no answer to count on.
        boolean get(KeyLog log) {
            long begin = System.nanoTime();
            OwnersClient.Answer answer = client.call(Method.GET, log.key(), "", new Headers(), NOTHING);
            int found = answer.isDone() ? log.find(answer.bytes()) : Operation.ABSENT;
            note(log, "GET -> " + found, answer);
            if (found == Contents.WRONG) {
                fault(log, "GET answered " + answer.bytes().length + " wrong bytes");
                return true;
            }
            return read(log, answer, found, begin);
        }

        private boolean read(KeyLog log, OwnersClient.Answer answer, int found, long begin) {
            Outcome outcome = answer.outcome();
            Outcome told = outcome == Outcome.MISSING ? Outcome.DONE : outcome;
            record(log, Call.GET, Operation.ABSENT, Operation.ABSENT, told, found, begin, answer);
            return outcome != Outcome.UNKNOWN;
        }

        private void head(KeyLog log) {
            long begin = System.nanoTime();
            OwnersClient.Answer answer = client.call(Method.HEAD, log.key(), "", new Headers(), NOTHING);
            int found = answer.isDone() ? contents.find(answer.length()) : Operation.ABSENT;
            if (answer.status() == 404 && answer.code().isEmpty()) {
                answer =
                        new OwnersClient.Answer(404, "NO_SUCH_OBJECT", "", NOTHING, 0, answer.headers(), answer.node());
            }
            note(log, "HEAD -> " + found, answer);
            read(log, answer, found, begin);
        }

        private void range(KeyLog log) {
            long begin = System.nanoTime();
            Headers headers = new Headers().add("Range", "bytes=1-9000");
            OwnersClient.Answer answer = client.call(Method.GET, log.key(), "", headers, NOTHING);
            int found = Operation.ABSENT;
            if (answer.status() == 206) {
                String range = answer.headers().find("Content-Range", "");
                long size = Long.parseLong(range.substring(range.indexOf('/') + 1));
                found = contents.find(answer.bytes(), 1, size);
            } else if (answer.isDone() || answer.code().equals("RANGE_NOT_SATISFIABLE")) {
                // Of one byte.
                return;
            }
            note(log, "GET range -> " + found, answer);
            if (found == Contents.WRONG) {
                fault(log, "a range of wrong bytes");
            } else {
                read(log, answer, found, begin);
            }
        }

        private void delete(KeyLog log) {
            long begin = System.nanoTime();
            OwnersClient.Answer answer = random.nextInt(3) == 0
                    ? client.removeTogether(log.key())
                    : client.call(Method.DELETE, log.key(), "", new Headers(), NOTHING);
            note(log, "DELETE", answer);
            record(
                    log,
                    Call.DELETE_PRESENT,
                    Operation.ABSENT,
                    Operation.ABSENT,
                    answer.outcome(),
                    Operation.ABSENT,
                    begin,
                    answer);
        }

        private void patch(KeyLog log) {
            long begin = System.nanoTime();
            byte[] message = "{\"value\":{\"colour\":\"blue\"}}".getBytes(StandardCharsets.UTF_8);
            OwnersClient.Answer answer = client.call(Method.PATCH, log.key(), "", new Headers(), message);
            note(log, "PATCH", answer);
            if (answer.outcome() == null) {
                fault(log, "PATCH was answered " + answer.status() + " " + answer.code() + " " + answer.text());
            } else if (answer.outcome() == Outcome.MISSING) {
                read(log, answer, Operation.ABSENT, begin);
            }
        }

        private void upload(KeyLog log) {
            Upload open = random.nextInt(4) == 0 ? null : uploads.poll();
            if (open == null) {
                begin(log);
                return;
            }
            int next = nextPart(open);
            boolean complete = next == open.parts.size();
            if (random.nextInt(12) == 0) {
                abort(open);
            } else if (complete) {
                complete(open);
            } else {
                sendPart(open, next);
            }
        }

        private void begin(KeyLog log) {
            OwnersClient.Answer answer =
                    client.call(Method.POST, log.key(), "", new Headers(), message(AisActions.CREATE_UPLOAD, "null"));
            note(log, "CREATE", answer);
            if (answer.isDone()) {
                int content = contents.nextOfParts(1 + random.nextInt(12));
                uploads.add(new Upload(
                        log,
                        new String(answer.bytes(), StandardCharsets.UTF_8),
                        cluster.losses(),
                        content,
                        cut(contents.bytes(content), 1 + random.nextInt(3)),
                        new int[3]));
            }
        }

        private static int nextPart(Upload upload) {
            for (int part = 0; part < upload.parts.size(); part++) {
                if (upload.sent[part] == 0) {
                    return part;
                }
            }
            return upload.parts.size();
        }

        private void sendPart(Upload upload, int part) {
            String query = "&uploadId=" + PercentCode.encode(upload.id) + "&partNumber=" + (part + 1);
            OwnersClient.Answer answer =
                    client.call(Method.PUT, upload.log.key(), query, new Headers(), upload.parts.get(part));
            note(upload.log, "PART " + (part + 1) + " of " + upload.content, answer);
            if (answer.isDone()) {
                upload.sent[part] = 1;
                uploads.add(upload);
            } else if (!isEnded(upload, answer)) {
                uploads.add(upload);
            }
        }

        private boolean isEnded(Upload upload, OwnersClient.Answer answer) {
            if (answer.outcome() == Outcome.UNKNOWN) {
                return false;
            }
            if (!answer.code().equals("NO_SUCH_UPLOAD") || upload.losses == cluster.losses()) {
                fault(upload.log, "upload of " + upload.content + " is lost: " + answer.code() + " " + answer.text());
            }
            return true;
        }

        private void complete(Upload upload) {
            List<String> parts = new ArrayList<>();
            for (int part = 1; part <= upload.parts.size(); part++) {
                parts.add("{\"part-number\":" + part + ",\"etag\":\"\"}");
            }
            long begin = System.nanoTime();
            OwnersClient.Answer answer = client.call(
                    Method.POST,
                    upload.log.key(),
                    "&uploadId=" + PercentCode.encode(upload.id),
                    new Headers(),
                    message(AisActions.COMPLETE_UPLOAD, parts.toString()));
            note(upload.log, "COMPLETE " + upload.content, answer);
            Outcome outcome = answer.isDone() ? Outcome.DONE : Outcome.UNKNOWN;
            if (answer.isDone() || !isEnded(upload, answer)) {
                record(
                        upload.log,
                        Call.PUT,
                        upload.content,
                        Operation.ABSENT,
                        outcome,
                        Operation.ABSENT,
                        begin,
                        answer);
            }
        }

        private void abort(Upload upload) {
            String query = "&uploadId=" + PercentCode.encode(upload.id);
            OwnersClient.Answer answer = client.call(
                    Method.DELETE, upload.log.key(), query, new Headers(), message(AisActions.ABORT_UPLOAD, "null"));
            note(upload.log, "ABORT " + upload.content, answer);
            if (!answer.isDone()) {
                isEnded(upload, answer);
                return;
            }
            OwnersClient.Answer part = client.call(
                    Method.PUT, upload.log.key(), query + "&partNumber=1", new Headers(), upload.parts.getFirst());
            if (part.isDone()) {
                fault(upload.log, "an upload that was aborted takes a part");
            }
        }

        private void append(KeyLog log) {
            Append open = appends.poll();
            String handle = open == null ? "" : open.handle;
            if (open != null && open.pieces.size() >= 2) {
                flush(open);
                return;
            }
            KeyLog target = open == null ? log : open.log;
            int losses = open == null ? cluster.losses() : open.losses;
            byte[] piece = contents.bytes(contents.nextOfParts(random.nextInt(3)));
            OwnersClient.Answer answer = client.call(
                    Method.PUT,
                    target.key(),
                    "&append_type=append&append_handle=" + PercentCode.encode(handle),
                    new Headers(),
                    piece);
            note(target, "APPEND " + piece.length, answer);
            if (answer.isDone()) {
                List<byte[]> pieces = open == null ? new ArrayList<>() : new ArrayList<>(open.pieces);
                pieces.add(piece);
                appends.add(new Append(target, answer.headers().find(AisHeaders.APPEND_HANDLE, ""), losses, pieces));
            } else if (open != null) {
                requireNotLost(open, answer);
            }
        }

        private void flush(Append append) {
            String query = "&append_type=flush&append_handle=" + PercentCode.encode(append.handle);
            int number = append.log.beginFlush(joined(append.pieces), name);
            OwnersClient.Answer answer = client.call(Method.PUT, append.log.key(), query, new Headers(), NOTHING);
            note(append.log, "FLUSH " + append.pieces.size(), answer);
            if (answer.isDone()) {
                append.log.endFlush(number, Outcome.DONE, by(answer));
            } else if (answer.outcome() == Outcome.REFUSED) {
                append.log.endFlush(number, Outcome.REFUSED, by(answer));
            } else {
                requireNotLost(append, answer);
            }
        }

        private void requireNotLost(Append append, OwnersClient.Answer answer) {
            boolean gone = answer.code().equals("NO_SUCH_UPLOAD") && append.losses != cluster.losses();
            if (answer.outcome() != Outcome.UNKNOWN && !gone) {
                fault(append.log, "append is lost: " + answer.code() + " " + answer.text());
            }
        }
    }

    /// The keys that were ever used.
    List<KeyLog> keys() {
        synchronized (keys) {
            return List.copyOf(keys);
        }
    }

    /// What was wrong so far.
    List<String> faults() {
        return List.copyOf(faults);
    }

    void fault(KeyLog log, String text) {
        notes.accept("FAULT " + log.key() + ": " + text);
        faults.add(log.key() + ": " + text);
    }

    /// The key that is in use in a slot: another one when its history is long.
    private KeyLog log(int slot) {
        synchronized (keys) {
            KeyLog log = inUse[slot];
            if (log == null || log.isUsedUp()) {
                ObjectKey key = new ObjectKey(BucketName.of(buckets.get(slot / KEYS)), "key" + keys.size());
                log = new KeyLog(key, contents);
                inUse[slot] = log;
                keys.add(log);
            }
            return log;
        }
    }

    private static byte[] message(String action, String value) {
        return ("{\"action\":\"" + action + "\",\"name\":\"\",\"value\":" + value + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String tag(byte[] bytes) {
        return HexFormat.of().toHexDigits(XxHash64.hash(bytes, 0)) + "-x";
    }

    private static List<byte[]> cut(byte[] bytes, int count) {
        List<byte[]> parts = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            parts.add(Arrays.copyOfRange(bytes, bytes.length * part / count, bytes.length * (part + 1) / count));
        }
        return parts;
    }

    private static byte[] joined(List<byte[]> pieces) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        pieces.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
