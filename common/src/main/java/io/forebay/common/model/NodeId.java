package io.forebay.common.model;

import io.forebay.common.error.Check;

/// A node's id: at least 2 letters, digits, `-` or `_`, beginning with a letter (AIStore `cmn/cos/uuid.go`).
public record NodeId(String value) implements Comparable<NodeId> {
    public NodeId {
        Check.argument(isValid(value), "node id \"%s\" is invalid", value);
    }

    @Override
    public int compareTo(NodeId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isValid(String value) {
        if (value.length() < 2 || value.length() > 64 || !Character.isLetter(value.charAt(0)) || value.endsWith("-")) {
            return false;
        }
        return value.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '-'
                        || c == '_');
    }
}
