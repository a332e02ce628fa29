package io.forebay.transform.archive.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// The names of members as archives have them, and as they are called outside.
public final class MemberName {
    private MemberName() {}

    /// The text of a name: UTF-8 where it is that, and otherwise the other character set, so that every name
    /// can be asked for.
    public static String decode(byte[] bytes, int from, int to, Charset otherwise) {
        boolean ascii = true;
        for (int index = from; index < to && ascii; index++) {
            ascii = bytes[index] >= 0;
        }
        if (ascii) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, from, to - from, otherwise);
        }
    }

    /// What a member of that name is called: without one leading slash. Throws INVALID_ARGUMENT for a name
    /// that is absolute still, has a NUL or a part `..`, or is empty, and TOO_LARGE for one that is too long.
    public static String checked(String name, Bounds bounds) {
        bounds.name(name.length());
        String called = asked(name);
        if (called.isEmpty()) {
            throw Refusal.malformed("a member has no name");
        }
        if (called.charAt(0) == '/') {
            throw Refusal.malformed("the member %s has an absolute name", Refusal.shown(name));
        }
        if (called.indexOf('\0') >= 0) {
            throw Refusal.malformed("the name of the member %s has a NUL", Refusal.shown(name));
        }
        if (leadsOut(called)) {
            throw Refusal.malformed("the name of the member %s leads out of its folder by \"..\"", Refusal.shown(name));
        }
        return called;
    }

    /// The name that a request for a member means: one leading slash does not count.
    public static String asked(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    /// Whether a part of a name is `..`.
    public static boolean leadsOut(String name) {
        for (int at = name.indexOf(".."); at >= 0; at = name.indexOf("..", at + 1)) {
            boolean begins = at == 0 || isSlash(name.charAt(at - 1));
            boolean ends = at + 2 == name.length() || isSlash(name.charAt(at + 2));
            if (begins && ends) {
                return true;
            }
        }
        return false;
    }

    /// Backslashes too: there are programs that take them for slashes.
    private static boolean isSlash(char c) {
        return c == '/' || c == '\\';
    }
}
