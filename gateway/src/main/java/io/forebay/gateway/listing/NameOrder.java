package io.forebay.gateway.listing;

import java.util.Comparator;

/// The order of names by their UTF-8 bytes, without encoding them: that of their code points.
public final class NameOrder {
    public static final Comparator<String> INSTANCE = NameOrder::compare;

    private NameOrder() {}

    /// `String.compareTo` but for one case: a surrogate (code points above U+FFFF) sorts after U+E000..U+FFFF.
    public static int compare(String left, String right) {
        int shared = Math.min(left.length(), right.length());
        for (int index = 0; index < shared; index++) {
            char l = left.charAt(index);
            char r = right.charAt(index);
            if (l != r) {
                return Character.isSurrogate(l) == Character.isSurrogate(r)
                        ? l - r
                        : Character.isSurrogate(l) ? (r >= 0xE000 ? 1 : l - r) : (l >= 0xE000 ? -1 : l - r);
            }
        }
        return left.length() - right.length();
    }
}
