package io.myelin.discovery.ec2tag;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * One page of the answer to {@code DescribeInstances}.
 *
 * @param instances those that have a private address
 * @param nextToken asks for the next page, empty if this is the last
 */
record InstancesPage(List<Instance> instances, String nextToken) {
    /**
     * One instance.
     *
     * @param dnsName its private one, empty if it has none
     * @param address its private one, an IP literal
     */
    record Instance(String dnsName, String address) {}

    private static final String INSTANCE = "DescribeInstancesResponse/reservationSet/item/instancesSet/item";
    private static final String TOKEN = "DescribeInstancesResponse/nextToken";
    private static final String ERROR = "Response/Errors/Error/";
    /** The answer is about ten deep. */
    private static final int MAX_DEPTH = 100;

    /** Reads a page; the XML is not one of {@code DescribeInstances} if that fails. */
    static InstancesPage parse(byte[] xml) throws XMLStreamException {
        List<Instance> instances = new ArrayList<>();
        String[] current = {"", ""};
        StringBuilder token = new StringBuilder();
        boolean[] answered = {false};
        walk(xml, new Visitor() {
            @Override
            public void onText(String path, String text) {
                switch (path) {
                    case INSTANCE + "/privateDnsName" -> current[0] = text;
                    case INSTANCE + "/privateIpAddress" -> current[1] = text;
                    case TOKEN -> token.append(text);
                    default -> {
                        // What else is known of an instance makes no difference.
                    }
                }
            }

            @Override
            public void onEnd(String path) {
                answered[0] |= path.equals("DescribeInstancesResponse/reservationSet");
                if (path.equals(INSTANCE)) {
                    String address = current[1];
                    if (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address)) {
                        instances.add(new Instance(current[0].matches("[0-9A-Za-z._-]+") ? current[0] : "", address));
                    }
                    current[0] = "";
                    current[1] = "";
                }
            }
        });
        if (!answered[0]) {
            throw new XMLStreamException("no reservationSet");
        }
        return new InstancesPage(List.copyOf(instances), token.toString());
    }

    /** Returns code and message of an error, empty if {@code xml} holds none. */
    static String error(byte[] xml) {
        StringBuilder error = new StringBuilder();
        try {
            walk(xml, new Visitor() {
                @Override
                public void onText(String path, String text) {
                    if (path.equals(ERROR + "Code") || path.equals(ERROR + "Message")) {
                        error.append(error.isEmpty() ? "" : ": ").append(text);
                    }
                }

                @Override
                public void onEnd(String path) {
                    // Only texts count.
                }
            });
        } catch (XMLStreamException ignored) {
            // The status has to do; what was read so far may help.
        }
        return error.toString();
    }

    private interface Visitor {
        void onText(String path, String text);

        void onEnd(String path);
    }

    /** Tells {@code visitor} of all texts and ends, by the path of the element. */
    private static void walk(byte[] xml, Visitor visitor) throws XMLStreamException {
        XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(xml));
        try {
            Deque<String> path = new ArrayDeque<>();
            StringBuilder text = new StringBuilder();
            while (reader.hasNext()) {
                switch (reader.next()) {
                    case XMLStreamConstants.START_ELEMENT -> {
                        path.addLast(reader.getLocalName());
                        text.setLength(0);
                        if (path.size() > MAX_DEPTH) {
                            throw new XMLStreamException("more than " + MAX_DEPTH + " elements deep");
                        }
                    }
                    case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> text.append(reader.getText());
                    case XMLStreamConstants.END_ELEMENT -> {
                        String name = String.join("/", path);
                        if (!text.toString().isBlank()) {
                            visitor.onText(name, text.toString().strip());
                        }
                        text.setLength(0);
                        visitor.onEnd(name);
                        path.removeLast();
                    }
                    default -> {
                        // Comments and the like.
                    }
                }
            }
        } finally {
            reader.close();
        }
    }

    /** A reader that knows no document types and no entities beyond XML's own, and fetches nothing. */
    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }
}
