package io.forebay.gateway.auth.policy;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One condition of a statement: an operator, a key, and the values of which one has to do.
///
/// @param quantifier of a key with several values, which of them it holds for
/// @param ifExists whether it holds of a request without the key
/// @param key in lower case
/// @param absent of the operator `Null` alone: whether the key has to be absent
record Condition(
        Operator operator,
        Quantifier quantifier,
        boolean ifExists,
        String key,
        List<Operator.Test> tests,
        boolean absent) {
    private static final String IF_EXISTS = "IfExists";

    /// Keys of which fixed values keep a policy from being public (Amazon S3, "The meaning of public").
    private static final Set<String> NARROWING = Set.of(
            "aws:sourceip",
            "aws:sourcearn",
            "aws:sourcevpc",
            "aws:sourcevpce",
            "aws:sourceowner",
            "aws:sourceaccount",
            "aws:userid",
            "aws:username",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principalorgid",
            "s3:x-amz-server-side-encryption-aws-kms-key-id",
            "s3:dataaccesspointarn");

    enum Quantifier {
        /// None is said.
        PLAIN(""),
        /// Every value, also of none.
        FOR_ALL_VALUES("ForAllValues:"),
        /// At least one.
        FOR_ANY_VALUE("ForAnyValue:");

        private final String prefix;

        Quantifier(String prefix) {
            this.prefix = prefix;
        }
    }

    /// Reads an operator as policies write it (`ForAnyValue:StringLikeIfExists`) with one key of it and its values.
    /// Throws MalformedPolicyException.
    static Condition read(String operatorText, String key, List<String> values, boolean variables) {
        Quantifier quantifier = Quantifier.PLAIN;
        for (Quantifier candidate : Quantifier.values()) {
            if (operatorText.startsWith(candidate.prefix)) {
                quantifier = candidate;
            }
        }
        String name = operatorText.substring(quantifier.prefix.length());
        boolean ifExists = name.endsWith(IF_EXISTS);
        name = ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name;
        Operator operator = Operator.find(name);
        boolean senseless = operator == Operator.NULL && (ifExists || quantifier != Quantifier.PLAIN);
        if (operator == null || senseless) {
            throw new MalformedPolicyException("Invalid Condition type : " + operatorText);
        }
        String lower = key.toLowerCase(Locale.ROOT);
        if (!ConditionKeys.isKnown(lower)) {
            throw new MalformedPolicyException("Policy has an invalid condition key: " + key);
        }
        if (values.isEmpty()) {
            throw new MalformedPolicyException("Condition without a value: " + operatorText + " of " + key);
        }
        List<Operator.Test> tests =
                values.stream().map(value -> operator.read(value, variables)).toList();
        boolean absent = operator == Operator.NULL && values.stream().anyMatch("true"::equalsIgnoreCase);
        return new Condition(operator, quantifier, ifExists, lower, tests, absent);
    }

    boolean holds(RequestContext context) {
        List<String> values = context.values(key);
        if (operator == Operator.NULL) {
            return values.isEmpty() == absent;
        }
        if (values.isEmpty()) {
            return ifExists
                    || switch (quantifier) {
                        case PLAIN -> operator.isNegated();
                        case FOR_ALL_VALUES -> true;
                        case FOR_ANY_VALUE -> false;
                    };
        }
        return switch (quantifier) {
            case PLAIN -> values.stream().anyMatch(value -> passes(value, context)) != operator.isNegated();
            case FOR_ALL_VALUES -> values.stream().allMatch(value -> passes(value, context) != operator.isNegated());
            case FOR_ANY_VALUE -> values.stream().anyMatch(value -> passes(value, context) != operator.isNegated());
        };
    }

    private boolean passes(String value, RequestContext context) {
        for (Operator.Test test : tests) {
            if (test.holds(value, context)) {
                return true;
            }
        }
        return false;
    }

    /// Whether it admits so few that its statement is not public.
    boolean narrows() {
        return NARROWING.contains(key)
                && !ifExists
                && !operator.isNegated()
                && operator != Operator.NULL
                && quantifier != Quantifier.FOR_ALL_VALUES
                && tests.stream().allMatch(Operator.Test::isFixed);
    }
}
