package io.forebay.protocol.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Header lines in order; names compare without case. Values are Latin-1: one char is one byte on the wire.
///
/// Mutable while it is being filled by one thread; not changed after it was handed on.
public final class Headers {
    private String[] lines;
    private int size;

    public Headers() {
        this(8);
    }

    /// Headers with room for that many lines; more are welcome.
    public Headers(int lines) {
        this.lines = new String[2 * Math.max(1, lines)];
    }

    /// Adds a line; the value may have no CR, LF or NUL (an engine refuses to send such a line).
    public Headers add(String name, String value) {
        if (size == lines.length) {
            lines = java.util.Arrays.copyOf(lines, size * 2);
        }
        lines[size++] = name;
        lines[size++] = value;
        return this;
    }

    public Headers add(String name, long value) {
        return add(name, Long.toString(value));
    }

    /// Replaces every line of that name by one.
    public Headers set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    public Headers remove(String name) {
        int kept = 0;
        for (int index = 0; index < size; index += 2) {
            if (!lines[index].equalsIgnoreCase(name)) {
                lines[kept] = lines[index];
                lines[kept + 1] = lines[index + 1];
                kept += 2;
            }
        }
        size = kept;
        return this;
    }

    public Headers addAll(Headers other) {
        for (int index = 0; index < other.count(); index++) {
            add(other.name(index), other.value(index));
        }
        return this;
    }

    /// The first value of that name, or null.
    public @Nullable String find(String name) {
        for (int index = 0; index < size; index += 2) {
            if (lines[index].equalsIgnoreCase(name)) {
                return lines[index + 1];
            }
        }
        return null;
    }

    public String find(String name, String absent) {
        String value = find(name);
        return value == null ? absent : value;
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int index = 0; index < size; index += 2) {
            if (lines[index].equalsIgnoreCase(name)) {
                values.add(lines[index + 1]);
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return find(name) != null;
    }

    /// The number of lines.
    public int count() {
        return size / 2;
    }

    public String name(int index) {
        return lines[2 * index];
    }

    public String value(int index) {
        return lines[2 * index + 1];
    }

    /// Whether every line can be sent as it is: names are tokens, and values hold no control character but the
    /// tab.
    public boolean sendable() {
        for (int index = 0; index < size; index += 2) {
            if (!isToken(lines[index]) || !isValue(lines[index + 1])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isToken(String name) {
        for (int index = 0; index < name.length(); index++) {
            char c = name.charAt(index);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean isValue(String value) {
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < count(); index++) {
            text.append(name(index)).append(": ").append(value(index)).append('\n');
        }
        return text.toString();
    }
}
