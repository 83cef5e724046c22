package io.myelin.stats;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads statistics as PaaSTA's tools do: as CSV whose first field is called {@code # pxname} and whose lines end in a
 * comma, and servers by the address and the name that {@code svname} is made of.
 */
public final class PaastaReader {
    private PaastaReader() {}

    /**
     * A server of a backend.
     *
     * @param address {@code host:port}
     * @param name empty if it has none
     * @param fields by the names of their columns
     */
    public record Server(String address, String name, Map<String, String> fields) {
        /** Returns whether it is up, as a prefix of its status says. */
        public boolean up() {
            return text("status").startsWith("UP");
        }

        public int number(String column) {
            return Integer.parseInt(text(column));
        }

        /** Returns what is in a column, empty if there is none of that name. */
        public String text(String column) {
            return fields.getOrDefault(column, "");
        }
    }

    /** Returns the servers of {@code backend}. */
    public static List<Server> servers(String csv, String backend) {
        List<Server> servers = new ArrayList<>();
        for (Map<String, String> line : lines(csv)) {
            String svname = line.getOrDefault("svname", "");
            if (backend.equals(line.get("# pxname")) && !svname.equals("FRONTEND") && !svname.equals("BACKEND")) {
                int underscore = svname.lastIndexOf('_');
                servers.add(new Server(
                        svname.substring(underscore + 1), svname.substring(0, Math.max(0, underscore)), line));
            }
        }
        return servers;
    }

    /** Returns the fields of every line. */
    public static List<Map<String, String>> lines(String csv) {
        List<List<String>> rows = csv.lines()
                .filter(line -> !line.isEmpty())
                .map(PaastaReader::fields)
                .toList();
        List<String> head = rows.get(0);
        List<Map<String, String>> lines = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            if (row.size() != head.size()) {
                throw new AssertionError(row.size() + " fields (expected: " + head.size() + "): " + row);
            }
            Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 0; i < head.size(); i++) {
                fields.put(head.get(i), row.get(i));
            }
            lines.add(fields);
        }
        return lines;
    }

    /** Splits a line at commas outside of quotes; what follows the last comma, which is nothing, is a field, too. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int at = 0; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
