package io.forebay.gateway.api.s3;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads the small documents of S3 requests into elements. UTF-8 only; no document type, no entity but the five of
/// XML itself, and bounds on depth and number: nothing in a document can reach a file, a socket or all the memory.
final class XmlReader {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_ELEMENTS = 60_000;
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader reader;
    private int elements;

    private XmlReader(XMLStreamReader reader) {
        this.reader = reader;
    }

    /// The root element, which must have that name. Throws MalformedXML.
    static XmlElement read(byte[] document, String root) {
        try {
            XMLStreamReader stream = FACTORY.createXMLStreamReader(new StringReader(text(document)));
            try {
                return new XmlReader(stream).document(root);
            } finally {
                stream.close();
            }
        } catch (XMLStreamException | CharacterCodingException | RuntimeException e) {
            if (e instanceof S3Failure failure) {
                throw failure;
            }
            throw malformed();
        }
    }

    /// The document's text without the mark that some clients begin it with.
    private static String text(byte[] document) throws CharacterCodingException {
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(document))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private XmlElement document(String root) throws XMLStreamException {
        while (reader.next() != XMLStreamConstants.START_ELEMENT) {
            refuseDocumentType();
        }
        if (!reader.getLocalName().equals(root)) {
            throw new S3Failure(S3Error.MALFORMED_XML, S3Error.MALFORMED_XML.message() + " Expecting <" + root + ">.");
        }
        XmlElement element = element(1);
        while (reader.hasNext()) {
            reader.next();
        }
        return element;
    }

    private XmlElement element(int depth) throws XMLStreamException {
        if (depth > MAX_DEPTH || ++elements > MAX_ELEMENTS) {
            throw malformed();
        }
        String name = reader.getLocalName();
        StringBuilder text = new StringBuilder();
        List<XmlElement> children = new ArrayList<>(4);
        while (true) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> children.add(element(depth + 1));
                case XMLStreamConstants.END_ELEMENT -> {
                    return new XmlElement(name, text.toString(), children);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(reader.getTextCharacters(), reader.getTextStart(), reader.getTextLength());
                case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {
                    // Say nothing.
                }
                default -> throw malformed();
            }
        }
    }

    private void refuseDocumentType() {
        if (reader.getEventType() == XMLStreamConstants.DTD) {
            throw malformed();
        }
    }

    private static S3Failure malformed() {
        return new S3Failure(S3Error.MALFORMED_XML);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, false);
        factory.setXMLResolver((publicId, systemId, baseUri, namespace) -> {
            throw new XMLStreamException("external entities are refused");
        });
        return factory;
    }
}
