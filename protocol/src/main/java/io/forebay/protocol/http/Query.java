package io.forebay.protocol.http;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parameters of a query, decoded, in order; names compare with case. A name without `=` has an empty value.
public final class Query {
    public static final Query EMPTY = new Query(List.of());

    private final List<String> pairs;

    private Query(List<String> pairs) {
        this.pairs = pairs;
    }

    /// Parses `a=b&c`. Throws INVALID_ARGUMENT on a broken escape.
    public static Query parse(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        List<String> pairs = new ArrayList<>(8);
        for (int from = 0; from <= raw.length(); ) {
            int end = raw.indexOf('&', from);
            if (end < 0) {
                end = raw.length();
            }
            if (end > from) {
                int equals = raw.indexOf('=', from);
                boolean hasValue = equals >= 0 && equals < end;
                pairs.add(PercentCode.decodeQuery(raw.substring(from, hasValue ? equals : end)));
                pairs.add(hasValue ? PercentCode.decodeQuery(raw.substring(equals + 1, end)) : "");
            }
            from = end + 1;
        }
        return new Query(pairs);
    }

    public @Nullable String find(String name) {
        for (int index = 0; index < pairs.size(); index += 2) {
            if (pairs.get(index).equals(name)) {
                return pairs.get(index + 1);
            }
        }
        return null;
    }

    public String find(String name, String absent) {
        String value = find(name);
        return value == null ? absent : value;
    }

    public boolean contains(String name) {
        return find(name) != null;
    }

    public int count() {
        return pairs.size() / 2;
    }

    public String name(int index) {
        return pairs.get(2 * index);
    }

    public String value(int index) {
        return pairs.get(2 * index + 1);
    }
}
