package io.forebay.transform.archive;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.forebay.common.error.Check;
import io.forebay.common.error.ErrorCode;
import io.forebay.common.error.StoreException;
import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import java.util.Locale;
import java.util.function.Predicate;

/// Which members of an archive are meant by a mode and an expression, as AIStore has them (`archmode`,
/// `archregx`). Regular expressions are RE2's, as there.
///
/// Immutable; for any number of threads.
public final class MemberSelection {
    private static final int MAX_EXPRESSION_LENGTH = 4096;

    /// How the expression is compared with a name.
    public enum Mode {
        REGEXP,
        PREFIX,
        SUFFIX,
        SUBSTR,
        WDSKEY
    }

    private final Mode mode;
    private final String expression;
    private final Predicate<String> test;

    private MemberSelection(Mode mode, String expression, Predicate<String> test) {
        this.mode = mode;
        this.expression = expression;
        this.test = test;
    }

    /// A selection. An empty mode, or `*`, is `prefix`; an empty expression selects everything, and so does
    /// `*` as a prefix. Throws INVALID_ARGUMENT for a mode that is not known and an expression that is none.
    ///
    /// @param modeName `regexp`, `prefix`, `suffix`, `substr` or `wdskey`
    public static MemberSelection of(String modeName, String expression) {
        Mode mode = mode(modeName);
        Check.argument(
                expression.length() <= MAX_EXPRESSION_LENGTH,
                "an expression that selects members has at most %s characters",
                MAX_EXPRESSION_LENGTH);
        if (expression.isEmpty() || (mode == Mode.PREFIX && expression.equals("*"))) {
            return new MemberSelection(mode, "", name -> true);
        }
        String plain = MemberName.asked(expression);
        return new MemberSelection(
                mode,
                expression,
                switch (mode) {
                    case REGEXP -> regexp(expression);
                    case PREFIX -> name -> name.startsWith(plain);
                    case SUFFIX -> name -> name.endsWith(expression);
                    case SUBSTR -> name -> name.contains(expression);
                    case WDSKEY -> name -> key(name).equals(plain);
                });
    }

    private static Mode mode(String name) {
        if (name.isEmpty() || name.equals("*")) {
            return Mode.PREFIX;
        }
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mode;
            }
        }
        throw new StoreException(
                ErrorCode.INVALID_ARGUMENT,
                "unknown matching mode " + Refusal.shown(name)
                        + " (expecting regexp, prefix, suffix, substr or wdskey)");
    }

    /// Whether a member of that name is meant.
    public boolean matches(String name) {
        return test.test(MemberName.asked(name));
    }

    public Mode mode() {
        return mode;
    }

    /// The beginning of all names that are meant, so that only those need to be listed; empty when it is not
    /// known.
    public String prefix() {
        boolean isKnown = mode == Mode.PREFIX || mode == Mode.WDSKEY;
        return isKnown ? MemberName.asked(expression) : "";
    }

    /// A name as WebDataset has it: without its last extension.
    private static String key(String name) {
        int dot = name.lastIndexOf('.');
        return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
    }

    /// Matched in a time that is linear in the name, whatever the expression is.
    private static Predicate<String> regexp(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return name -> pattern.matcher(name).find();
        } catch (PatternSyntaxException e) {
            throw new StoreException(
                    ErrorCode.INVALID_ARGUMENT,
                    "invalid regular expression " + Refusal.shown(expression) + ": " + e.getDescription(),
                    e);
        }
    }
}
