package io.forebay.system.history;

import io.forebay.common.error.Check;

/// One operation on one key, as its client saw it. Values are numbered from 1; 0 is absence.
///
/// @param written the value that a put writes, else 0
/// @param expected the value that `PUT_IF_MATCH` asks for, else 0
/// @param found what a read found, else 0
/// @param begin in nanoseconds of the clients' clock
/// @param end from when on the client knew the outcome; of an unknown one `NEVER`
/// @param note who asked whom, for people
public record Operation(
        Call call, int written, int expected, Outcome outcome, int found, long begin, long end, String note) {
    public static final int ABSENT = 0;
    public static final long NEVER = Long.MAX_VALUE;

    /// What `after` gives when the operation cannot have happened then.
    static final int IMPOSSIBLE = -1;

    public enum Call {
        PUT,
        PUT_IF_ABSENT,
        PUT_IF_MATCH,
        /// Done whether there is an object or not, as S3 has it.
        DELETE,
        /// Told apart from the removal of nothing, as AIStore has it.
        DELETE_PRESENT,
        GET,
        /// A page of a list whose range the key is in.
        LIST
    }

    public enum Outcome {
        DONE,
        /// Status 412: the condition did not hold.
        REFUSED,
        /// Status 404, where there has to be an object.
        MISSING,
        /// It may have been done, or be done later.
        UNKNOWN
    }

    public Operation {
        Check.argument(begin <= end, "an operation ends before it begins");
        Check.argument((outcome == Outcome.UNKNOWN) == (end == NEVER), "only an unknown outcome has no end");
    }

    public static Operation put(int written, long begin, long end) {
        return new Operation(Call.PUT, written, ABSENT, Outcome.DONE, ABSENT, begin, end, "");
    }

    public static Operation putIfAbsent(int written, Outcome outcome, long begin, long end) {
        return new Operation(Call.PUT_IF_ABSENT, written, ABSENT, outcome, ABSENT, begin, end, "");
    }

    public static Operation putIfMatch(int expected, int written, Outcome outcome, long begin, long end) {
        return new Operation(Call.PUT_IF_MATCH, written, expected, outcome, ABSENT, begin, end, "");
    }

    public static Operation delete(long begin, long end) {
        return new Operation(Call.DELETE, ABSENT, ABSENT, Outcome.DONE, ABSENT, begin, end, "");
    }

    public static Operation deletePresent(Outcome outcome, long begin, long end) {
        return new Operation(Call.DELETE_PRESENT, ABSENT, ABSENT, outcome, ABSENT, begin, end, "");
    }

    public static Operation get(int found, long begin, long end) {
        return new Operation(Call.GET, ABSENT, ABSENT, Outcome.DONE, found, begin, end, "");
    }

    public static Operation list(int found, long begin, long end) {
        return new Operation(Call.LIST, ABSENT, ABSENT, Outcome.DONE, found, begin, end, "");
    }

    /// The same operation without an answer.
    public Operation unanswered() {
        return new Operation(call, written, expected, Outcome.UNKNOWN, ABSENT, begin, NEVER, note);
    }

    Operation noted(String text) {
        return new Operation(call, written, expected, outcome, found, begin, end, text);
    }

    boolean isUnknown() {
        return outcome == Outcome.UNKNOWN;
    }

    /// Whether it can change the key. An unknown one that changes nothing need not have happened.
    boolean mayChange() {
        return switch (call) {
            case GET, LIST -> false;
            case PUT, PUT_IF_ABSENT, PUT_IF_MATCH, DELETE, DELETE_PRESENT ->
                outcome == Outcome.DONE || outcome == Outcome.UNKNOWN;
        };
    }

    /// What the key holds after it, when it held `state`; `IMPOSSIBLE` when the client would have been told
    /// something else.
    int after(int state) {
        return switch (call) {
            case GET, LIST -> found == state ? state : IMPOSSIBLE;
            case PUT, DELETE -> written;
            case PUT_IF_ABSENT ->
                switch (outcome) {
                    case DONE, UNKNOWN -> state == ABSENT ? written : IMPOSSIBLE;
                    case REFUSED -> state != ABSENT ? state : IMPOSSIBLE;
                    case MISSING -> IMPOSSIBLE;
                };
            case PUT_IF_MATCH ->
                switch (outcome) {
                    case DONE, UNKNOWN -> state == expected ? written : IMPOSSIBLE;
                    case REFUSED -> state != expected ? state : IMPOSSIBLE;
                    case MISSING -> state == ABSENT ? state : IMPOSSIBLE;
                };
            case DELETE_PRESENT ->
                switch (outcome) {
                    case DONE, UNKNOWN -> state != ABSENT ? ABSENT : IMPOSSIBLE;
                    case MISSING -> state == ABSENT ? state : IMPOSSIBLE;
                    case REFUSED -> IMPOSSIBLE;
                };
        };
    }

    /// One line, with times in milliseconds since `origin`.
    String text(long origin) {
        StringBuilder text = new StringBuilder("%10.3f ".formatted((begin - origin) / 1e6));
        text.append(end == NEVER ? "         ?" : "%10.3f".formatted((end - origin) / 1e6));
        text.append("  ").append(call);
        if (written != ABSENT) {
            text.append(" value ").append(written);
        }
        if (call == Call.PUT_IF_MATCH) {
            text.append(" over ").append(expected);
        }
        text.append(": ");
        if (call != Call.GET && call != Call.LIST) {
            text.append(outcome);
        } else {
            text.append(found == ABSENT ? "nothing" : "value " + found);
        }
        return text.append("  ").append(note).toString();
    }
}
