package io.forebay.transform.archive;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import java.util.function.Predicate;

/// Which members of an archive are meant, by their names (AIStore `cmn/archive/read.go`).
public final class MemberSelection {
    private MemberSelection() {}

    /// The names that a text means in a mode: `regexp`, `prefix` (also an empty mode and `*`), `suffix`,
    /// `substr`, or `wdskey`, the name without its last extension. An empty text, and `*` as a prefix, mean
    /// all. Expressions take time by the length of a name, whatever they are. Throws INVALID_ARGUMENT.
    public static Predicate<String> of(String text, String mode) {
        return switch (mode) {
            case "regexp" -> {
                Pattern pattern = pattern(text);
                yield name -> pattern.matcher(name).find();
            }
            case "prefix", "", "*" -> {
                String prefix = text.equals("*") ? "" : text;
                yield name -> name.startsWith(prefix);
            }
            case "suffix" -> name -> name.endsWith(text);
            case "substr" -> name -> name.contains(text);
            case "wdskey" -> {
                String key = MemberTable.plain(text);
                yield name -> key.isEmpty() || key(name).equals(key);
            }
            default ->
                throw new StoreException(
                        ErrorCode.INVALID_ARGUMENT,
                        "unknown matching mode \"" + mode + "\" (expecting regexp, prefix, suffix, substr or wdskey)");
        };
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT, "invalid regular expression \"" + text + "\": " + e.getMessage(), e);
        }
    }

    private static String key(String name) {
        int slash = name.lastIndexOf('/');
        int dot = name.lastIndexOf('.');
        return dot > slash ? name.substring(0, dot) : name;
    }
}
