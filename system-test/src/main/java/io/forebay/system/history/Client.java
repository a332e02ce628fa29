package io.forebay.system.history;

import io.forebay.system.history.Caller.NotSent;
import io.forebay.system.history.Operation.Call;
import io.forebay.system.history.Operation.Outcome;
import io.forebay.system.history.Values.Value;
import io.forebay.system.server.RawHttp.Answer;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// One client that does one operation after the other, each through a gateway and a face by chance, and writes
/// down what it saw. Not safe to share between threads.
final class Client implements AutoCloseable {
    private static final int SMALL = 2_000;
    private static final int MIDDLE = 300 << 10;
    private static final int LARGE = 6 << 20;
    private static final byte[] NOTHING = new byte[0];

    private final int number;
    private final String bucket;
    private final Run run;
    private final Caller caller;
    private final SplittableRandom random;
    private final PageReader pages;
    private final Map<Key, Integer> lastSeen = new HashMap<>();

    /// What all clients of a run share.
    record Run(KeySpace keys, Values values, Findings findings, Doors doors) {}

    /// @param number of this client, no other's
    Client(int number, String bucket, Run run, int patienceMillis, long seed) {
        this.number = number;
        this.bucket = bucket;
        this.run = run;
        this.caller = new Caller(run.doors(), patienceMillis);
        this.random = new SplittableRandom(seed * 1_000_003 + number);
        this.pages = new PageReader(bucket, run, caller);
    }

    void step() {
        int choice = random.nextInt(100);
        if (choice < 10) {
            pages.read(run.keys().pickGroup(random), gateway(), "client " + number);
            return;
        }
        Key key = run.keys().pick(random);
        if (choice < 45) {
            get(key, gateway(), face());
        } else if (choice < 68) {
            write(key, Call.PUT, Operation.ABSENT, "", face());
        } else if (choice < 78) {
            write(key, Call.PUT_IF_ABSENT, Operation.ABSENT, "If-None-Match: *\r\n", Face.S3);
        } else if (choice < 90) {
            putIfMatch(key);
        } else {
            delete(key, face());
        }
    }

    /// Reads a key; whether the answer says what it holds.
    boolean get(Key key, URI gateway, Face face) {
        long begin = now();
        Answer answer = send(gateway, "GET", target(key, face), "", NOTHING);
        long end = now();
        Outcome outcome = answer == null ? Outcome.UNKNOWN : Reading.outcome(answer);
        if (answer == null || outcome == Outcome.UNKNOWN) {
            return false;
        }
        if (outcome == Outcome.MISSING) {
            found(key, Operation.ABSENT, begin, end, note(gateway, face));
            return true;
        }
        Value value = outcome == Outcome.DONE ? run.values().find(answer.body()) : null;
        if (value == null) {
            wrong("GET", key, answer, gateway, face);
            return true;
        }
        found(key, value.number(), begin, end, note(gateway, face));
        return true;
    }

    private void found(Key key, int number, long begin, long end, String note) {
        lastSeen.put(key, number);
        key.add(Operation.get(number, begin, end).noted(note));
    }

    /// Replaces what this client saw last.
    private void putIfMatch(Key key) {
        int expected = lastSeen.getOrDefault(key, Operation.ABSENT);
        if (expected == Operation.ABSENT) {
            get(key, gateway(), face());
            return;
        }
        String tag = run.values().value(expected).tag();
        write(key, Call.PUT_IF_MATCH, expected, "If-Match: \"" + tag + "\"\r\n", Face.S3);
    }

    private void write(Key key, Call call, int expected, String headers, Face face) {
        URI gateway = gateway();
        Value value = run.values().next(size(), face);
        Attempt attempt = new Attempt(key, call, value.number(), expected, gateway, face);
        Outcome outcome = change(attempt, "PUT", headers, run.values().bytes(value));
        if (outcome == Outcome.DONE) {
            lastSeen.put(key, value.number());
        }
    }

    private void delete(Key key, Face face) {
        Call call = face == Face.S3 ? Call.DELETE : Call.DELETE_PRESENT;
        Attempt attempt = new Attempt(key, call, Operation.ABSENT, Operation.ABSENT, gateway(), face);
        if (change(attempt, "DELETE", "", NOTHING) == Outcome.DONE) {
            lastSeen.remove(key);
        }
    }

    /// A change that a client is about to ask for.
    private record Attempt(Key key, Call call, int written, int expected, URI gateway, Face face) {}

    private Outcome change(Attempt attempt, String method, String headers, byte[] body) {
        Key key = attempt.key();
        long begin = now();
        Outcome outcome;
        Answer answer = null;
        try {
            answer = caller.send(attempt.gateway(), method, target(key, attempt.face()), headers, body);
            Outcome read = Reading.outcome(answer);
            if (read == null || (read == Outcome.MISSING && attempt.call() == Call.PUT)) {
                wrong(attempt.call().name(), key, answer, attempt.gateway(), attempt.face());
            }
            outcome = read == null ? Outcome.UNKNOWN : read;
        } catch (NotSent e) {
            run.findings().notSent();
            return Outcome.UNKNOWN;
        } catch (UncheckedIOException e) {
            outcome = Outcome.UNKNOWN;
        }
        long end = outcome == Outcome.UNKNOWN ? Operation.NEVER : now();
        count(answer, outcome);
        key.add(new Operation(
                attempt.call(),
                attempt.written(),
                attempt.expected(),
                outcome,
                Operation.ABSENT,
                begin,
                end,
                note(attempt.gateway(), attempt.face())));
        return outcome;
    }

    private void count(@Nullable Answer answer, Outcome outcome) {
        if (outcome != Outcome.UNKNOWN) {
            run.findings().answered();
        } else if (answer == null) {
            run.findings().unanswered();
        } else {
            run.findings().failed(answer);
        }
    }

    /// The answer to a request that changes nothing, or null when there is none.
    private @Nullable Answer send(URI gateway, String method, String target, String headers, byte[] body) {
        try {
            Answer answer = caller.send(gateway, method, target, headers, body);
            if (answer.status() / 100 == 5) {
                run.findings().failed(answer);
            } else {
                run.findings().answered();
            }
            return answer;
        } catch (NotSent e) {
            run.findings().notSent();
        } catch (UncheckedIOException e) {
            run.findings().unanswered();
        }
        return null;
    }

    private void wrong(String what, Key key, Answer answer, URI gateway, Face face) {
        int length = answer.body().length;
        String text = answer.status() / 100 == 2 ? length + " bytes that nobody wrote" : answer.text();
        run.findings()
                .add(what + " of " + bucket + "/" + key.name() + " by " + note(gateway, face) + " was answered "
                        + answer.status() + ": " + text);
    }

    private String note(URI gateway, Face face) {
        return "client " + number + " " + face + " " + gateway.getAuthority();
    }

    private String target(Key key, Face face) {
        return (face == Face.S3 ? "/" : "/v1/objects/") + bucket + "/" + key.name();
    }

    private URI gateway() {
        List<URI> gateways = run.doors().gateways();
        return gateways.get(random.nextInt(gateways.size()));
    }

    private Face face() {
        return random.nextBoolean() ? Face.S3 : Face.AIS;
    }

    private int size() {
        int choice = random.nextInt(100);
        int bound = choice < 90 ? SMALL : choice < 98 ? MIDDLE : LARGE;
        return Values.MIN_BYTES + (bound == SMALL ? random.nextInt(SMALL) : bound);
    }

    static long now() {
        return System.nanoTime();
    }

    @Override
    public void close() {
        caller.close();
    }
}
