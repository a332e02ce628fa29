package io.forebay.storage.http;

import java.util.ArrayList;
import java.util.List;

/// Lists of entity tags in conditional headers.
final class EntityTags {
    private EntityTags() {}

    /// Whether a list such as `"a", W/"b"` names the tag, which is given without quotes. `*` names every tag. Quotes
    /// may be missing, as S3's clients have it.
    static boolean contains(String list, String tag) {
        for (String item : split(list)) {
            if (item.equals("*") || plain(item).equals(tag)) {
                return true;
            }
        }
        return false;
    }

    /// The tags of a list as they are written, empty ones left out.
    static List<String> split(String list) {
        List<String> tags = new ArrayList<>(1);
        for (int from = 0; from < list.length(); ) {
            int end = endOfTag(list, from);
            String tag = list.substring(from, end).strip();
            if (!tag.isEmpty()) {
                tags.add(tag);
            }
            from = end + 1;
        }
        return tags;
    }

    /// A tag without `W/` and quotes.
    static String plain(String tag) {
        String strong = tag.startsWith("W/") ? tag.substring(2) : tag;
        boolean quoted = strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"");
        return quoted ? strong.substring(1, strong.length() - 1) : strong;
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
