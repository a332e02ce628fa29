package io.forebay.protocol.sigv4;

import io.forebay.protocol.http.Headers;
import io.forebay.protocol.http.Request;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The text of a request that its signature covers, made from the target and the header bytes as they were received.
///
/// Chars are Latin-1 bytes throughout. A path is percent-encoded once and never normalised: `//`, `.` and `..` stay.
final class CanonicalRequest {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private record Parameter(String name, String value) {
        static final Comparator<Parameter> ORDER =
                Comparator.comparing(Parameter::name).thenComparing(Parameter::value);
    }

    /// How a client wrote the path into the text: decoded and encoded again as S3 says, or as it stands in the target.
    /// Both bind the same bytes; some clients do the latter, which differs for `%2F` and needless escapes only.
    enum Path {
        ENCODED_AGAIN,
        AS_RECEIVED
    }

    private CanonicalRequest() {}

    /// @param signedHeaders the lower-case names in the order in which the signature names them
    static String text(Request request, Path path, List<String> signedHeaders, String payloadHash, boolean presigned) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method().name()).append('\n');
        String rawPath = request.rawPath();
        if (path == Path.AS_RECEIVED) {
            out.append(rawPath);
        } else {
            encodeAgain(rawPath, 0, rawPath.length(), true, out);
        }
        out.append('\n');
        appendQuery(request.rawQuery(), presigned, out);
        out.append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            appendValues(request.headers(), name, out);
            out.append('\n');
        }
        out.append('\n');
        appendJoined(signedHeaders, ';', out);
        return out.append('\n').append(payloadHash).toString();
    }

    static void appendJoined(List<String> names, char separator, StringBuilder out) {
        for (int index = 0; index < names.size(); index++) {
            if (index > 0) {
                out.append(separator);
            }
            out.append(names.get(index));
        }
    }

    private static void appendQuery(String raw, boolean presigned, StringBuilder out) {
        if (raw.isEmpty()) {
            return;
        }
        List<Parameter> parameters = new ArrayList<>(8);
        for (int from = 0; from <= raw.length(); ) {
            int end = raw.indexOf('&', from);
            end = end < 0 ? raw.length() : end;
            if (end > from) {
                Parameter parameter = parameter(raw, from, end);
                if (!presigned || !parameter.name.equals(SIGNATURE_PARAMETER)) {
                    parameters.add(parameter);
                }
            }
            from = end + 1;
        }
        parameters.sort(Parameter.ORDER);
        for (int index = 0; index < parameters.size(); index++) {
            if (index > 0) {
                out.append('&');
            }
            out.append(parameters.get(index).name).append('=').append(parameters.get(index).value);
        }
    }

    private static Parameter parameter(String raw, int from, int end) {
        int equals = raw.indexOf('=', from);
        int nameEnd = equals < 0 || equals > end ? end : equals;
        StringBuilder name = new StringBuilder(nameEnd - from + 8);
        encodeAgain(raw, from, nameEnd, false, name);
        StringBuilder value = new StringBuilder(Math.max(0, end - nameEnd) + 8);
        if (nameEnd < end) {
            encodeAgain(raw, nameEnd + 1, end, false, value);
        }
        return new Parameter(name.toString(), value.toString());
    }

    /// Every value of that name, trimmed, inner runs of blanks as one space, joined with commas.
    private static void appendValues(Headers headers, String name, StringBuilder out) {
        boolean first = true;
        for (int index = 0; index < headers.count(); index++) {
            if (headers.name(index).equalsIgnoreCase(name)) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                appendTrimmed(headers.value(index), out);
            }
        }
    }

    private static void appendTrimmed(String value, StringBuilder out) {
        boolean pendingSpace = false;
        boolean begun = false;
        for (int index = 0; index < value.length(); index++) {
            char c = value.charAt(index);
            if (c == ' ' || c == '\t') {
                pendingSpace = begun;
            } else {
                if (pendingSpace) {
                    out.append(' ');
                    pendingSpace = false;
                }
                begun = true;
                out.append(c);
            }
        }
    }

    /// Decodes a run of the target byte by byte and encodes all but the unreserved bytes. In a path `/` and `+` mean
    /// themselves; in a query `+` is a space.
    private static void encodeAgain(String raw, int from, int end, boolean inPath, StringBuilder out) {
        for (int index = from; index < end; index++) {
            int b = raw.charAt(index) & 0xFF;
            if (b == '%' && index + 2 < end) {
                int high = Hex.digit(raw.charAt(index + 1));
                int low = Hex.digit(raw.charAt(index + 2));
                if (high >= 0 && low >= 0) {
                    b = high << 4 | low;
                    index += 2;
                }
            } else if (b == '+' && !inPath) {
                b = ' ';
            }
            appendEncoded(b, inPath, out);
        }
    }

    static void appendEncoded(int b, boolean keepSlash, StringBuilder out) {
        boolean unreserved = (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~'
                || (b == '/' && keepSlash);
        if (unreserved) {
            out.append((char) b);
        } else {
            out.append('%').append(HEX[b >> 4]).append(HEX[b & 15]);
        }
    }
}
