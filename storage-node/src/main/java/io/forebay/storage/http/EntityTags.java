package io.forebay.storage.http;

/// Lists of entity tags in conditional headers.
final class EntityTags {
    private EntityTags() {}

    /// Whether a list such as `"a", W/"b"` names the tag, which is given without quotes. `*` names every tag. Quotes
    /// may be missing, as S3's clients have it.
    static boolean contains(String list, String tag) {
        int from = 0;
        while (from < list.length()) {
            int end = endOfTag(list, from);
            if (isTag(list.substring(from, end).strip(), tag)) {
                return true;
            }
            from = end + 1;
        }
        return false;
    }

    /// A tag without `W/` and quotes.
    static String plain(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        boolean quoted = strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"");
        return quoted ? strong.substring(1, strong.length() - 1) : strong;
    }

    private static boolean isTag(String item, String tag) {
        return item.equals("*") || (!item.isEmpty() && plain(item).equals(tag));
    }

    private static int endOfTag(String list, int from) {
        boolean quoted = false;
        for (int index = from; index < list.length(); index++) {
            char c = list.charAt(index);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return index;
            }
        }
        return list.length();
    }
}
