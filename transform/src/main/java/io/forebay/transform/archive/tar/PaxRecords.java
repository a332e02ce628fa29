package io.forebay.transform.archive.tar;

import io.forebay.transform.archive.model.MemberName;
import io.forebay.transform.archive.model.Refusal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What is of use in the extended headers of an entry (pax): each value null where none was given.
final class PaxRecords {
    @Nullable
    String path;

    @Nullable
    Long size;

    @Nullable
    Long modifiedMillis;

    /// Name, size and map as GNU tar has them for sparse files.
    @Nullable
    String sparseName;

    @Nullable
    Long sparseSize;

    SparseMap.@Nullable Numbers sparseMap;
    boolean mapIsInData;

    /// Takes the records of one extended header, which override earlier ones. Throws INVALID_ARGUMENT.
    void add(byte[] body, int length) {
        int at = 0;
        while (at < length) {
            int digits = at;
            int recordBytes = 0;
            while (digits < length && body[digits] >= '0' && body[digits] <= '9' && digits - at < 9) {
                recordBytes = recordBytes * 10 + body[digits] - '0';
                digits++;
            }
            int end = at + recordBytes;
            if (digits == at || digits >= length || body[digits] != ' ' || end > length || end <= digits + 1) {
                throw Refusal.malformed("a record of an extended header has a wrong length");
            }
            if (body[end - 1] != '\n') {
                throw Refusal.malformed("a record of an extended header does not end with its line");
            }
            record(body, digits + 1, end - 1);
            at = end;
        }
    }

    private void record(byte[] body, int from, int to) {
        int equals = from;
        while (equals < to && body[equals] != '=') {
            equals++;
        }
        if (equals == to) {
            throw Refusal.malformed("a record of an extended header has no value");
        }
        String key = new String(body, from, equals - from, StandardCharsets.ISO_8859_1);
        String value = MemberName.decode(body, equals + 1, to, StandardCharsets.ISO_8859_1);
        boolean unset = value.isEmpty();
        switch (key) {
            case "path" -> path = unset ? null : value;
            case "size" -> size = unset ? null : number(key, value);
            case "mtime" -> modifiedMillis = unset ? null : millis(value);
            case "GNU.sparse.name" -> sparseName = unset ? null : value;
            case "GNU.sparse.size", "GNU.sparse.realsize" -> sparseSize = unset ? null : number(key, value);
            case "GNU.sparse.offset", "GNU.sparse.numbytes" -> map().add(number(key, value));
            case "GNU.sparse.map" -> map(value);
            case "GNU.sparse.major" -> mapIsInData = number(key, value) == 1;
            default -> {
                // Owners, times and attributes that members do not have here.
            }
        }
    }

    /// Whether anything was given.
    boolean isAny() {
        return path != null || size != null || modifiedMillis != null || sparseName != null || isSparse();
    }

    boolean isSparse() {
        return mapIsInData || sparseMap != null;
    }

    private SparseMap.Numbers map() {
        SparseMap.Numbers map = sparseMap;
        if (map == null) {
            map = new SparseMap.Numbers();
            sparseMap = map;
        }
        return map;
    }

    private void map(String value) {
        SparseMap.Numbers map = new SparseMap.Numbers();
        int from = 0;
        while (from < value.length()) {
            int comma = value.indexOf(',', from);
            int to = comma < 0 ? value.length() : comma;
            map.add(number("GNU.sparse.map", value.substring(from, to)));
            from = to + 1;
        }
        sparseMap = map;
    }

    private static long number(String key, String value) {
        if (value.isEmpty() || value.length() > 18 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw Refusal.malformed("%s of an extended header is no number: %s", key, Refusal.shown(value));
        }
        return Long.parseLong(value);
    }

    /// Seconds with a fraction and perhaps a sign; what cannot be read counts as the epoch, since no byte
    /// depends on it.
    private static long millis(String value) {
        int dot = value.indexOf('.');
        String whole = dot < 0 ? value : value.substring(0, dot);
        String fraction = dot < 0 ? "" : value.substring(dot + 1);
        try {
            long seconds = Long.parseLong(whole);
            int millis = Integer.parseInt((fraction + "000").substring(0, 3));
            boolean negative = whole.startsWith("-");
            return Math.addExact(Math.multiplyExact(seconds, 1000L), negative ? -millis : millis);
        } catch (NumberFormatException | ArithmeticException e) {
            return 0;
        }
    }
}
