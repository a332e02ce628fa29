package io.forebay.gateway.api.s3;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One element of a document that was read: its local name, its text, its children.
record XmlElement(String name, String text, List<XmlElement> children) {

    List<XmlElement> all(String childName) {
        List<XmlElement> found = new ArrayList<>();
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                found.add(child);
            }
        }
        return found;
    }

    @Nullable
    XmlElement find(String childName) {
        for (XmlElement child : children) {
            if (child.name.equals(childName)) {
                return child;
            }
        }
        return null;
    }

    /// The text of the first child of that name, or null.
    @Nullable
    String findText(String childName) {
        XmlElement child = find(childName);
        return child == null ? null : child.text;
    }

    /// The text of the child of that name. Throws MalformedXML when there is none or it is empty.
    String requireText(String childName) {
        String text = findText(childName);
        if (text == null || text.isEmpty()) {
            throw new S3Failure(
                    S3Error.MALFORMED_XML,
                    S3Error.MALFORMED_XML.message() + " <" + name + "> has no <" + childName + ">.");
        }
        return text;
    }
}
