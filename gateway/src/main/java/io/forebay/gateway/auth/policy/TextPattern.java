package io.forebay.gateway.auth.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A text of a policy that values are held against: with wildcards (`*` any text, `?` any character) and variables
/// (`${aws:username}`, `${aws:username, 'nobody'}`), where its place in the policy has them.
///
/// What a variable stands for is a plain text: a wildcard in it is no wildcard. Matching goes back to the last `*`
/// only,
/// so that its time is bounded by the product of both lengths, whatever they are.
final class TextPattern {
    private static final int ANY = -1;
    private static final int ONE = -2;
    private static final int FIRST_VARIABLE = -3;

    private final int[] tokens;
    private final List<Variable> variables;

    private TextPattern(int[] tokens, List<Variable> variables) {
        this.tokens = tokens;
        this.variables = variables;
    }

    private record Variable(String key, @Nullable String absent) {}

    /// What a pattern says of a value.
    enum Match {
        YES,
        NO,
        /// A variable stands for nothing in this request.
        UNKNOWN
    }

    /// A text that is taken as it is.
    static TextPattern literal(String text) {
        return new TextPattern(text.chars().toArray(), List.of());
    }

    /// A text with wildcards only.
    static TextPattern wildcards(String text) {
        return parse(text, true, false);
    }

    /// Throws MalformedPolicyException for a variable that does not end.
    static TextPattern parse(String text, boolean wildcards, boolean variables) {
        int[] tokens = new int[text.length()];
        int count = 0;
        List<Variable> found = new ArrayList<>();
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (variables && c == '$' && text.startsWith("${", at)) {
                int end = text.indexOf('}', at);
                if (end < 0) {
                    throw new MalformedPolicyException("Policy variable does not end: " + text);
                }
                String name = text.substring(at + 2, end);
                if (name.equals("*") || name.equals("?") || name.equals("$")) {
                    tokens[count++] = name.charAt(0);
                } else {
                    tokens[count++] = FIRST_VARIABLE - found.size();
                    found.add(variable(name));
                }
                at = end;
            } else if (wildcards && c == '*') {
                tokens[count++] = ANY;
            } else if (wildcards && c == '?') {
                tokens[count++] = ONE;
            } else {
                tokens[count++] = c;
            }
        }
        return new TextPattern(Arrays.copyOf(tokens, count), List.copyOf(found));
    }

    private static Variable variable(String text) {
        int comma = text.indexOf(',');
        if (comma < 0) {
            return new Variable(text.strip().toLowerCase(Locale.ROOT), null);
        }
        String absent = text.substring(comma + 1).strip();
        if (absent.length() < 2 || absent.charAt(0) != '\'' || absent.charAt(absent.length() - 1) != '\'') {
            throw new MalformedPolicyException("Default of a policy variable must be in single quotes: " + text);
        }
        return new Variable(
                text.substring(0, comma).strip().toLowerCase(Locale.ROOT), absent.substring(1, absent.length() - 1));
    }

    /// Whether it stands for one text only.
    boolean isFixed() {
        if (!variables.isEmpty()) {
            return false;
        }
        for (int token : tokens) {
            if (token < 0) {
                return false;
            }
        }
        return true;
    }

    Match match(String value, RequestContext context) {
        int[] resolved = variables.isEmpty() ? tokens : resolve(context);
        if (resolved == null) {
            return Match.UNKNOWN;
        }
        return matches(resolved, value) ? Match.YES : Match.NO;
    }

    boolean matches(String value, RequestContext context) {
        return match(value, context) == Match.YES;
    }

    /// Whether there can be a request in which it matches: variables stand for anything.
    boolean mayMatch(String value) {
        int[] widened = tokens.clone();
        for (int index = 0; index < widened.length; index++) {
            widened[index] = widened[index] <= FIRST_VARIABLE ? ANY : widened[index];
        }
        return matches(widened, value);
    }

    /// The tokens with every variable replaced, or null when one stands for nothing.
    private int @Nullable [] resolve(RequestContext context) {
        IntStream.Builder resolved = IntStream.builder();
        for (int token : tokens) {
            if (token > FIRST_VARIABLE) {
                resolved.add(token);
                continue;
            }
            Variable variable = variables.get(FIRST_VARIABLE - token);
            List<String> values = context.values(variable.key());
            String value = values.size() == 1 ? values.getFirst() : variable.absent();
            if (value == null) {
                return null;
            }
            value.chars().forEach(resolved::add);
        }
        return resolved.build().toArray();
    }

    private static boolean matches(int[] pattern, String value) {
        int in = 0;
        int at = 0;
        int lastAny = -1;
        int resume = 0;
        while (at < value.length()) {
            if (in < pattern.length && pattern[in] == ANY) {
                lastAny = in++;
                resume = at;
            } else if (in < pattern.length && pattern[in] == ONE) {
                at += Character.charCount(value.codePointAt(at));
                in++;
            } else if (in < pattern.length && pattern[in] == value.charAt(at)) {
                at++;
                in++;
            } else if (lastAny >= 0) {
                in = lastAny + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (in < pattern.length && pattern[in] == ANY) {
            in++;
        }
        return in == pattern.length;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            switch (token) {
                case ANY -> text.append('*');
                case ONE -> text.append('?');
                default -> {
                    if (token >= 0) {
                        text.append((char) token);
                    } else {
                        text.append("${")
                                .append(variables.get(FIRST_VARIABLE - token).key())
                                .append('}');
                    }
                }
            }
        }
        return text.toString();
    }
}
