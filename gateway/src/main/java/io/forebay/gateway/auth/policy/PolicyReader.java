package io.forebay.gateway.auth.policy;

import io.forebay.common.error.StoreException;
import io.forebay.protocol.api.WireJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the document of a policy, refusing everything that it does not know: what is written to deny something must
/// not be passed over.
final class PolicyReader {
    private static final String NEW_VERSION = "2012-10-17";
    private static final String OLD_VERSION = "2008-10-17";
    private static final int MAX_DEPTH = 10;
    private static final String EVERYONE = "*";

    private static final Set<String> FIELDS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_FIELDS = Set.of(
            "Sid",
            "Effect",
            "Principal",
            "NotPrincipal",
            "Action",
            "NotAction",
            "Resource",
            "NotResource",
            "Condition");

    private final String text;
    private final @Nullable String bucket;
    private boolean variables;

    /// @param bucket of which it is the policy; null for the policy of a user or a session
    PolicyReader(String text, @Nullable String bucket) {
        this.text = text;
        this.bucket = bucket;
    }

    Policy read() {
        Map<?, ?> document = document();
        checkFields(document, FIELDS);
        String version = optionalText(document, "Version", OLD_VERSION);
        if (!version.equals(NEW_VERSION) && !version.equals(OLD_VERSION)) {
            throw new MalformedPolicyException("The policy must contain a valid version string");
        }
        variables = version.equals(NEW_VERSION);
        optionalText(document, "Id", "");
        Object value = required(document, "Statement");
        List<?> list = value instanceof List<?> several ? several : List.of(value);
        if (list.isEmpty()) {
            throw new MalformedPolicyException("Statement is empty!");
        }
        List<Statement> statements = new ArrayList<>();
        for (Object item : list) {
            if (!(item instanceof Map<?, ?> statement)) {
                throw new MalformedPolicyException("Statement must be an object or a list of objects");
            }
            statements.add(statement(statement));
        }
        return new Policy(text, statements);
    }

    private Map<?, ?> document() {
        byte[] json = text.getBytes(StandardCharsets.UTF_8);
        if (json.length > Policy.MAX_BYTES) {
            throw new MalformedPolicyException(
                    "Policy exceeds the maximum allowed document size of " + Policy.MAX_BYTES + " bytes");
        }
        try {
            return WireJson.readStrict(json, Map.class, MAX_DEPTH);
        } catch (StoreException e) {
            throw new MalformedPolicyException(
                    "Policies must be valid JSON and the first byte must be '{' (" + e.text() + ")");
        }
    }

    private Statement statement(Map<?, ?> statement) {
        checkFields(statement, STATEMENT_FIELDS);
        optionalText(statement, "Sid", "");
        Effect effect = effect(required(statement, "Effect"));
        return new Statement(
                effect,
                principals(statement, effect),
                list(statement, "Action", this::action),
                list(statement, "Resource", this::resource),
                conditions(statement.get("Condition")));
    }

    private static Effect effect(Object value) {
        return switch (value) {
            case String text when text.equals("Allow") -> Effect.ALLOW;
            case String text when text.equals("Deny") -> Effect.DENY;
            default -> throw new MalformedPolicyException("Invalid effect: " + value);
        };
    }

    private Principals principals(Map<?, ?> statement, Effect effect) {
        boolean negated = statement.containsKey("NotPrincipal");
        if (bucket == null) {
            if (negated || statement.containsKey("Principal")) {
                throw new MalformedPolicyException("Policy document should not specify a principal.");
            }
            return Principals.HOLDER;
        }
        checkEither(statement, "Principal");
        if (negated && effect == Effect.ALLOW) {
            throw new MalformedPolicyException("Allow with NotPrincipal is not allowed.");
        }
        Object value = required(statement, negated ? "NotPrincipal" : "Principal");
        if (value.equals(EVERYONE)) {
            return new Principals(true, Set.of(), negated);
        }
        if (!(value instanceof Map<?, ?> kinds) || kinds.isEmpty()) {
            throw invalidPrincipal(value);
        }
        Set<String> names = new HashSet<>();
        kinds.forEach((kind, named) -> addPrincipals(String.valueOf(kind), named, names));
        return new Principals(names.remove(EVERYONE), names, negated);
    }

    /// Services and federated users are none of ours: they are read, and never ask.
    private static void addPrincipals(String kind, @Nullable Object named, Set<String> names) {
        switch (kind) {
            case "AWS", "CanonicalUser", "Service", "Federated" -> {
                for (String name : texts("Principal", named)) {
                    boolean everyone = name.equals(EVERYONE) && kind.equals("AWS");
                    if (name.isBlank() || (!everyone && (name.indexOf('*') >= 0 || name.indexOf('?') >= 0))) {
                        throw invalidPrincipal(name);
                    }
                    names.add(kind.equals("AWS") || kind.equals("CanonicalUser") ? name : kind + ":" + name);
                }
            }
            default -> throw invalidPrincipal(kind);
        }
    }

    private static MalformedPolicyException invalidPrincipal(Object value) {
        return new MalformedPolicyException("Invalid principal in policy: " + value);
    }

    private static PatternList list(Map<?, ?> statement, String name, Function<String, TextPattern> pattern) {
        checkEither(statement, name);
        boolean negated = statement.containsKey("Not" + name);
        String field = negated ? "Not" + name : name;
        List<TextPattern> patterns = new ArrayList<>();
        for (String item : texts(field, required(statement, field))) {
            patterns.add(pattern.apply(item));
        }
        if (patterns.isEmpty()) {
            throw new MalformedPolicyException("Field " + field + " is empty");
        }
        return new PatternList(patterns, negated);
    }

    private static void checkEither(Map<?, ?> statement, String name) {
        if (statement.containsKey(name) && statement.containsKey("Not" + name)) {
            throw new MalformedPolicyException("Statement cannot have both " + name + " and Not" + name);
        }
        if (!statement.containsKey(name) && !statement.containsKey("Not" + name)) {
            throw new MalformedPolicyException("Missing required field " + name);
        }
    }

    private TextPattern action(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        TextPattern pattern = TextPattern.wildcards(lower);
        boolean others = bucket == null && lower.indexOf(':') > 0 && !ActionNames.isOurs(lower);
        if (!others && (!ActionNames.isOurs(lower) || !ActionNames.isAny(pattern))) {
            throw new MalformedPolicyException("Policy has invalid action: " + text);
        }
        return pattern;
    }

    private TextPattern resource(String text) {
        TextPattern pattern = TextPattern.parse(text, true, variables);
        if (bucket == null || text.equals("*")) {
            return pattern;
        }
        int slash = text.indexOf('/');
        TextPattern ofBucket = TextPattern.parse(slash < 0 ? text : text.substring(0, slash), true, variables);
        if (!text.startsWith(PolicyRequest.ARN) || !ofBucket.mayMatch(PolicyRequest.ARN + bucket)) {
            throw new MalformedPolicyException("Policy has invalid resource: " + text);
        }
        return pattern;
    }

    private List<Condition> conditions(@Nullable Object value) {
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof Map<?, ?> operators)) {
            throw new MalformedPolicyException("Condition must be an object");
        }
        List<Condition> conditions = new ArrayList<>();
        operators.forEach((operator, keys) -> {
            if (!(keys instanceof Map<?, ?> named)) {
                throw new MalformedPolicyException("Condition " + operator + " must be an object");
            }
            named.forEach((key, values) -> conditions.add(Condition.read(
                    String.valueOf(operator), String.valueOf(key), texts("condition " + operator, values), variables)));
        });
        return conditions;
    }

    private static void checkFields(Map<?, ?> object, Set<String> known) {
        for (Object field : object.keySet()) {
            if (!(field instanceof String name) || !known.contains(name)) {
                throw new MalformedPolicyException("Unknown field " + field);
            }
        }
    }

    private static Object required(Map<?, ?> object, String field) {
        Object value = object.get(field);
        if (value == null) {
            throw new MalformedPolicyException("Missing required field " + field);
        }
        return value;
    }

    private static String optionalText(Map<?, ?> object, String field, String absent) {
        if (!object.containsKey(field)) {
            return absent;
        }
        if (object.get(field) instanceof String found) {
            return found;
        }
        throw new MalformedPolicyException("Field " + field + " must be a text");
    }

    /// One text or several; numbers and truths count as texts.
    private static List<String> texts(String field, @Nullable Object value) {
        List<?> items = value instanceof List<?> several ? several : value == null ? List.of() : List.of(value);
        List<String> texts = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof String || item instanceof Number || item instanceof Boolean)) {
                throw new MalformedPolicyException("Field " + field + " must be a text or a list of texts");
            }
            texts.add(String.valueOf(item));
        }
        return texts;
    }
}
