package io.forebay.gateway.api.s3;

import io.forebay.common.error.StoreException;
import io.forebay.gateway.auth.ObjectAccess;
import io.forebay.protocol.http.PercentCode;
import io.forebay.protocol.http.Query;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tags of an object (at most 10) or a bucket (at most 50), by key, with keys of 1 to 128 and values of up to 256
/// characters.
///
/// Stored as one attribute of the object beside the HTTP ones, or as one property of the bucket, as text
/// `key=value&...`, percent-encoded; an empty text is no tags.
record TagSet(SortedMap<String, String> tags) {
    /// The attribute that has them, named as the request header that gives them.
    static final String ATTRIBUTE = ObjectAccess.TAGS;

    /// The most tags of an object.
    static final int MAX_OF_OBJECT = 10;

    /// The most tags of a bucket.
    static final int MAX_OF_BUCKET = 50;

    private static final int MAX_KEY_CHARS = 128;
    private static final int MAX_VALUE_CHARS = 256;

    /// Parses the text form of an object's tags. Throws InvalidArgument when it is none, InvalidTag when a tag breaks
    /// a rule.
    static TagSet parse(String text) {
        return parse(text, MAX_OF_OBJECT);
    }

    /// The tags that a header gives, for those who only look at them: none where it cannot be read.
    static Map<String, String> given(@Nullable String header) {
        try {
            return header == null ? Map.of() : parse(header).tags();
        } catch (S3Failure e) {
            return Map.of();
        }
    }

    /// As above, of so many tags at most.
    static TagSet parse(String text, int most) {
        TreeMap<String, String> tags = new TreeMap<>();
        try {
            Query query = Query.parse(text);
            for (int index = 0; index < query.count(); index++) {
                add(query.name(index), query.value(index), most, tags);
            }
        } catch (StoreException e) {
            throw S3Failure.invalidArgument(
                    ATTRIBUTE,
                    text,
                    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without"
                            + " tag name duplicates.");
        }
        return new TagSet(tags);
    }

    /// Reads a `Tagging` document of so many tags at most. Throws MalformedXML or InvalidTag.
    static TagSet read(XmlElement tagging, int most) {
        XmlElement set = tagging.find("TagSet");
        if (set == null) {
            throw new S3Failure(S3Error.MALFORMED_XML);
        }
        return readAll(set, most);
    }

    /// Reads the `Tag` children of an element. Throws MalformedXML or InvalidTag.
    static TagSet readAll(XmlElement set, int most) {
        TreeMap<String, String> tags = new TreeMap<>();
        for (XmlElement tag : set.all("Tag")) {
            String key = tag.findText("Key");
            String value = tag.findText("Value");
            if (key == null || value == null) {
                throw new S3Failure(S3Error.MALFORMED_XML);
            }
            add(key, value, most, tags);
        }
        return new TagSet(tags);
    }

    /// How many tags a stored text has.
    static int count(String text) {
        return text.isEmpty() ? 0 : 1 + (int) text.chars().filter(c -> c == '&').count();
    }

    String text() {
        StringBuilder text = new StringBuilder();
        tags.forEach((key, value) -> text.append(text.isEmpty() ? "" : "&")
                .append(PercentCode.encode(key))
                .append('=')
                .append(PercentCode.encode(value)));
        return text.toString();
    }

    XmlWriter document() {
        XmlWriter xml = XmlWriter.of("Tagging").open("TagSet");
        tags.forEach((key, value) ->
                xml.open("Tag").element("Key", key).element("Value", value).close());
        return xml;
    }

    private static void add(String key, String value, int most, Map<String, String> tags) {
        if (key.isEmpty() || key.length() > MAX_KEY_CHARS) {
            throw new S3Failure(S3Error.INVALID_TAG, "The TagKey you have provided is invalid");
        }
        if (value.length() > MAX_VALUE_CHARS) {
            throw new S3Failure(S3Error.INVALID_TAG, "The TagValue you have provided is invalid");
        }
        if (tags.put(key, value) != null) {
            throw new S3Failure(S3Error.INVALID_TAG, "Cannot provide multiple Tags with the same key");
        }
        if (tags.size() > most) {
            String whose = most == MAX_OF_OBJECT ? "Object" : "Bucket";
            throw new S3Failure(S3Error.INVALID_TAG, whose + " tags cannot be greater than " + most);
        }
    }
}
