package io.forebay.storage.listing;

/// The order of texts by their UTF-8 bytes, which is the order of code points and not that of Java's chars.
final class Utf8Order {
    private Utf8Order() {}

    static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int index = 0; index < length; index++) {
            char a = left.charAt(index);
            char b = right.charAt(index);
            if (a != b) {
                return Character.isSurrogate(a) == Character.isSurrogate(b) ? a - b : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return left.length() - right.length();
    }
}
