package dev.store.server.configuration;

import java.io.IOException;
import java.io.StringReader;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;
import org.xml.sax.helpers.DefaultHandler;

/** XML without document type declarations, and so without entities of its own and without anything from outside. */
final class XmlContent {
    private XmlContent() {}

    static void check(String text) throws Content.Malformed {
        try {
            SAXParserFactory factory = SAXParserFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature("http://xml.org/sax/features/external-general-entities", false);
            factory.setFeature("http://xml.org/sax/features/external-parameter-entities", false);
            factory.newSAXParser().parse(new InputSource(new StringReader(text)), new Judge());
        } catch (SAXParseException e) {
            throw new Content.Malformed(
                    String.valueOf(e.getMessage()), Math.max(0, e.getLineNumber()), Math.max(0, e.getColumnNumber()));
        } catch (SAXException e) {
            throw e.getException() instanceof Content.Malformed reason
                    ? reason
                    : new Content.Malformed(String.valueOf(e.getMessage()), 0, 0);
        } catch (ParserConfigurationException | IOException e) {
            throw new IllegalStateException("the XML parser of this JDK cannot be made safe", e);
        }
    }

    private static final class Judge extends DefaultHandler {
        private final TreeSize size = new TreeSize();
        private int depth;

        @Override
        public void startElement(String uri, String localName, String name, Attributes attributes) throws SAXException {
            try {
                size.add();
                TreeSize.depth(++depth);
            } catch (Content.Malformed e) {
                throw new SAXException(e);
            }
        }

        @Override
        public void endElement(String uri, String localName, String name) {
            depth--;
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    }
}
