package io.myelin.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads which ports of a host lead to a port of a container. */
final class PublishedPorts {
    /*
     * Since version 1.0 of Docker's API, {"Ports": [{"IP": "0.0.0.0", "PrivatePort": 80, "PublicPort": 32768, "Type":
     * "tcp"}]}, where a port that is not published has no PublicPort, and one that is published for IPv4 and IPv6 stands
     * there twice. Before, a text: "0.0.0.0:49153->6379/tcp, 443/tcp", or "49153->6379".
     */
    private static final Pattern MAPPING =
            Pattern.compile("(?:.*:)?(\\d{1,5})(?:-(\\d{1,5}))?->(\\d{1,5})(?:-(\\d{1,5}))?(?:/(\\w+))?");

    private PublishedPorts() {}

    /** Returns the ports of the host, in ascending order, that lead to TCP port {@code containerPort}. */
    static List<Integer> of(JsonNode ports, int containerPort) {
        SortedSet<Integer> published = new TreeSet<>();
        if (ports.isTextual()) {
            for (String mapping : ports.textValue().split(",", -1)) {
                addMapped(mapping.strip(), containerPort, published);
            }
        } else {
            for (JsonNode port : ports) {
                boolean tcp = port.path("Type").asText("tcp").equals("tcp");
                if (tcp && port.path("PrivatePort").asInt() == containerPort) {
                    published.add(port.path("PublicPort").asInt());
                }
            }
        }
        published.removeIf(port -> port < 1 || port > 65_535);
        return new ArrayList<>(published);
    }

    private static void addMapped(String text, int containerPort, SortedSet<Integer> published) {
        Matcher mapping = MAPPING.matcher(text);
        if (!mapping.matches() || !(mapping.group(5) == null || mapping.group(5).equals("tcp"))) {
            return;
        }
        int first = Integer.parseInt(mapping.group(3));
        int last = mapping.group(4) == null ? first : Integer.parseInt(mapping.group(4));
        if (containerPort >= first && containerPort <= last) {
            published.add(Integer.parseInt(mapping.group(1)) + containerPort - first);
        }
    }
}
