package io.forebay.system.history;

import io.forebay.common.error.ErrorCode;
import io.forebay.system.history.Operation.Outcome;
import io.forebay.system.server.RawHttp.Answer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What an answer says of an operation on one object.
final class Reading {
    private static final Pattern S3_CODE = Pattern.compile("<Code>([^<]+)</Code>");

    private Reading() {}

    /// The outcome, or null when the operation should not have been answered so.
    static @Nullable Outcome outcome(Answer answer) {
        int status = answer.status();
        if (status / 100 == 2) {
            return Outcome.DONE;
        }
        if (status / 100 == 5) {
            return Outcome.UNKNOWN;
        }
        String code = code(answer);
        return switch (status) {
            case 404 -> code.equals("NoSuchKey") || isCode(code, ErrorCode.NO_SUCH_OBJECT) ? Outcome.MISSING : null;
            case 412 -> Outcome.REFUSED;
            case 408, 429 -> Outcome.UNKNOWN;
            default ->
                switch (code) {
                    case "RequestTimeout", "OperationAborted", "ConditionalRequestConflict" -> Outcome.UNKNOWN;
                    default -> isCode(code, ErrorCode.NOT_OWNER) ? Outcome.UNKNOWN : null;
                };
        };
    }

    private static boolean isCode(String text, ErrorCode code) {
        return text.equals(code.name());
    }

    /// S3's or Forebay's word for a failure.
    private static String code(Answer answer) {
        Matcher matcher = S3_CODE.matcher(answer.text());
        return matcher.find() ? matcher.group(1) : answer.header("forebay-error");
    }
}
