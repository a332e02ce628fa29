package io.forebay.gateway.api.s3;

import io.forebay.gateway.auth.Account;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/// Writes one XML document as S3 has it: UTF-8, no line breaks, every text escaped.
///
/// Characters that XML 1.0 forbids become character references, as S3 writes them: its keys may hold any of them.
final class XmlWriter {
    private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private final StringBuilder out;
    private final boolean plain;
    private final Deque<String> open = new ArrayDeque<>();

    private XmlWriter(int capacity, boolean plain) {
        this.plain = plain;
        out = new StringBuilder(capacity).append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }

    /// A document of S3's namespace.
    static XmlWriter of(String root) {
        return of(root, NAMESPACE);
    }

    /// A document in another namespace.
    static XmlWriter of(String root, String namespace) {
        XmlWriter writer = new XmlWriter(1024, false);
        writer.out
                .append('<')
                .append(root)
                .append(" xmlns=\"")
                .append(namespace)
                .append("\">");
        writer.open.push(root);
        return writer;
    }

    /// A document without a namespace, which is how errors are told. It repeats what clients sent: what XML forbids
    /// of that is replaced, so that every reader can read it. Quotes are left as they are, as S3 does it here only.
    static XmlWriter plain(String root) {
        return new XmlWriter(512, true).open(root);
    }

    XmlWriter open(String name) {
        out.append('<').append(name).append('>');
        open.push(name);
        return this;
    }

    XmlWriter close() {
        out.append("</").append(open.pop()).append('>');
        return this;
    }

    XmlWriter element(String name, String text) {
        out.append('<').append(name).append('>');
        escape(text);
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter element(String name, long number) {
        out.append('<').append(name).append('>').append(number);
        out.append("</").append(name).append('>');
        return this;
    }

    XmlWriter element(String name, boolean truth) {
        return element(name, truth ? "true" : "false");
    }

    /// Text of the open element.
    XmlWriter text(String text) {
        escape(text);
        return this;
    }

    /// A user to whom something is granted.
    XmlWriter grantee(Account user) {
        out.append("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">");
        open.push("Grantee");
        return element("ID", user.canonicalId())
                .element("DisplayName", user.name())
                .close();
    }

    /// A group to whom something is granted.
    XmlWriter granteeGroup(String uri) {
        out.append("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\">");
        open.push("Grantee");
        return element("URI", uri).close();
    }

    /// An entity tag in its quotes.
    XmlWriter etag(String etag) {
        out.append("<ETag>&quot;");
        escape(etag);
        out.append("&quot;</ETag>");
        return this;
    }

    /// The document, every open element closed.
    byte[] bytes() {
        while (!open.isEmpty()) {
            close();
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void escape(String text) {
        int from = plainChars(text);
        out.append(text, 0, from);
        for (int index = from; index < text.length(); index++) {
            char c = text.charAt(index);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append(plain ? "\"" : "&quot;");
                default -> {
                    if (plain && isForbidden(c)) {
                        out.append('\uFFFD');
                    } else if (c < 0x20 || c == 0x7F || c >= 0xFFFE) {
                        out.append("&#x").append(Integer.toHexString(c)).append(';');
                    } else if (Character.isSurrogate(c)) {
                        index += surrogate(text, index);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
    }

    /// How many chars the text begins with that stand for themselves wherever they are: all of them in most texts.
    private static int plainChars(String text) {
        int index = 0;
        while (index < text.length() && isPlain(text.charAt(index))) {
            index++;
        }
        return index;
    }

    private static boolean isPlain(char c) {
        return c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"';
    }

    private static boolean isForbidden(char c) {
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c >= 0xFFFE;
    }

    /// Appends a pair, or the replacement character for half of one; how many chars more than one were taken.
    private int surrogate(String text, int index) {
        char c = text.charAt(index);
        if (Character.isHighSurrogate(c)
                && index + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(index + 1))) {
            out.append(c).append(text.charAt(index + 1));
            return 1;
        }
        out.append('\uFFFD');
        return 0;
    }
}
