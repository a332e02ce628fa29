package io.forebay.common.model;

import io.forebay.common.error.Check;

/// A bucket's namespace: the id of a remote cluster (empty for this one) and a name. Text form `@uuid#name`.
public record Namespace(String uuid, String name) {
    public static final Namespace GLOBAL = new Namespace("", "");

    public Namespace {
        Check.argument(isPlain(uuid) && isPlain(name), "invalid namespace \"@%s#%s\"", uuid, name);
    }

    /// Parses `@uuid#name`: one leading `@` is dropped; a text without `#` is all uuid (AIStore `cmn/bck.go`).
    public static Namespace parse(String text) {
        String body = text.startsWith("@") ? text.substring(1) : text;
        int hash = body.indexOf('#');
        if (hash < 0) {
            return body.isEmpty() ? GLOBAL : new Namespace(body, "");
        }
        return new Namespace(body.substring(0, hash), body.substring(hash + 1));
    }

    public boolean isGlobal() {
        return uuid.isEmpty() && name.isEmpty();
    }

    @Override
    public String toString() {
        return "@" + uuid + "#" + name;
    }

    private static boolean isPlain(String text) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '-'
                    || c == '_'
                    || c == '.';
            if (!plain) {
                return false;
            }
        }
        return text.length() <= 64;
    }
}
