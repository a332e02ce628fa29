package io.forebay.gateway.api.s3;

import io.forebay.protocol.http.Body;
import io.forebay.protocol.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A form that uploads an object (`multipart/form-data`, RFC 7578), read up to its file, which is its last part that
/// counts.
///
/// @param fields by name in lower case, in their order
/// @param fileName without folders; empty when the form names none
/// @param delimiter what ends the file, its chars being bytes
/// @param begun bytes of the file that have come already, and perhaps what is behind it
record PostForm(Map<String, String> fields, String fileName, String delimiter, ByteBuffer begun) {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};
    private static final int MAX_BOUNDARY_CHARS = 70;
    private static final String FILE = "file";
    private static final String VARIABLE = "${filename}";

    /// Reads the fields. Throws MalformedPOSTRequest, MaxPostPreDataLengthExceeded when they take more than that, and
    /// InvalidArgument for a form without a file.
    static PostForm read(Body body, String contentType, int maxBytes) {
        return new Reader(body, boundary(contentType), maxBytes).read();
    }

    private static String boundary(String contentType) {
        String boundary = parameter(contentType, "boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY_CHARS) {
            throw new S3Failure(S3Error.MALFORMED_POST_REQUEST);
        }
        return boundary;
    }

    /// The value of a field, or null.
    @Nullable
    String field(String name) {
        return fields.get(name);
    }

    /// The key that the form gives its object. Throws InvalidArgument when it gives none.
    String key() {
        String key = fields.get("key");
        if (key == null || key.isEmpty()) {
            throw S3Failure.invalidArgument(
                    "key",
                    "",
                    "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the"
                            + " fields.");
        }
        return key.replace(VARIABLE, fileName);
    }

    /// The fields that say of an object what headers say in other requests, as such headers.
    Headers headers() {
        Headers headers = new Headers();
        fields.forEach((name, value) -> {
            if (isToken(name)) {
                // Headers have the bytes as chars.
                headers.add(
                        name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1).strip());
            }
        });
        return headers;
    }

    private static boolean isToken(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != ':');
    }

    /// A parameter of a header, such as `name` in `form-data; name="key"`, or null.
    private static @Nullable String parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            String found = header.substring(at + 1, equals).strip();
            int from = equals + 1;
            boolean quoted = from < header.length() && header.charAt(from) == '"';
            int end = quoted ? quoteEnd(header, from + 1) : header.indexOf(';', from);
            end = end < 0 ? header.length() : end;
            if (found.equalsIgnoreCase(name)) {
                String value = header.substring(quoted ? from + 1 : from, end);
                return quoted ? value.replace("\\\"", "\"") : value.strip();
            }
            at = header.indexOf(';', end);
        }
        return null;
    }

    private static int quoteEnd(String header, int from) {
        for (int at = from; at < header.length(); at++) {
            if (header.charAt(at) == '"' && header.charAt(at - 1) != '\\') {
                return at;
            }
        }
        return -1;
    }

    /// Reads part by part, with everything in memory until the file begins.
    private static final class Reader {
        private final Body body;
        private final String text;
        private final byte[] delimiter;
        private final int maxBytes;
        private final Map<String, String> fields = new LinkedHashMap<>();
        private byte[] bytes = LINE_END.clone();
        private int end = LINE_END.length;
        private int at;

        private Reader(Body body, String boundary, int maxBytes) {
            this.body = body;
            this.text = "\r\n--" + boundary;
            this.delimiter = text.getBytes(StandardCharsets.ISO_8859_1);
            this.maxBytes = maxBytes;
        }

        private PostForm read() {
            // The line end in front of the first delimiter is not sent.
            at = find(delimiter) + delimiter.length;
            while (!isLast()) {
                at = find(LINE_END) + LINE_END.length;
                String disposition = disposition(take(HEAD_END));
                String name = parameter(disposition, "name");
                if (name == null || name.isEmpty()) {
                    throw new S3Failure(S3Error.MALFORMED_POST_REQUEST);
                }
                if (name.equalsIgnoreCase(FILE)) {
                    String fileName = parameter(disposition, "filename");
                    ByteBuffer begun = ByteBuffer.wrap(bytes, at, end - at).slice();
                    return new PostForm(fields, fileName == null ? "" : base(fileName), text, begun);
                }
                fields.put(name.toLowerCase(Locale.ROOT), take(delimiter));
            }
            throw S3Failure.invalidArgument(FILE, "0", "POST requires exactly one file upload per request.");
        }

        /// Whether the delimiter that was passed ends the form.
        private boolean isLast() {
            while (end - at < 2) {
                more();
            }
            return bytes[at] == '-' && bytes[at + 1] == '-';
        }

        private static String disposition(String head) {
            for (String line : head.split("\r\n", -1)) {
                int colon = line.indexOf(':');
                if (colon > 0 && line.substring(0, colon).strip().equalsIgnoreCase("Content-Disposition")) {
                    return line.substring(colon + 1);
                }
            }
            throw new S3Failure(S3Error.MALFORMED_POST_REQUEST);
        }

        private static String base(String fileName) {
            return fileName.substring(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1);
        }

        /// The text up to those bytes, which are passed over.
        private String take(byte[] until) {
            int from = at;
            int found = find(until);
            at = found + until.length;
            return new String(bytes, from, found - from, StandardCharsets.UTF_8);
        }

        /// Where those bytes are next.
        private int find(byte[] wanted) {
            int from = at;
            while (true) {
                for (int index = from; index + wanted.length <= end; index++) {
                    if (Arrays.equals(bytes, index, index + wanted.length, wanted, 0, wanted.length)) {
                        requireFit(index);
                        return index;
                    }
                }
                // They can begin there at the earliest, whatever of them has come.
                from = Math.max(at, end - wanted.length + 1);
                requireFit(from);
                more();
            }
        }

        private void requireFit(int position) {
            if (position > maxBytes) {
                throw new S3Failure(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED);
            }
        }

        private void more() {
            ByteBuffer next = body.next();
            if (next == null) {
                throw new S3Failure(S3Error.MALFORMED_POST_REQUEST);
            }
            int count = next.remaining();
            if (end + count > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, end + count));
            }
            next.get(bytes, end, count);
            end += count;
        }
    }
}
