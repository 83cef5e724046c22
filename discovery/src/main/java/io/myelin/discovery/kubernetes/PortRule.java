package io.myelin.discovery.kubernetes;

/**
 * Which of the ports of a service is used.
 *
 * @param kind what is said about it
 * @param name of the port, if it goes by that; empty otherwise
 * @param number of the port where pods listen, if it goes by that; 0 otherwise
 */
public record PortRule(Kind kind, String name, int number) {
    /** The only port, else the first that is called {@code http}; otherwise the ports are named in an error. */
    public static final PortRule ONLY = new PortRule(Kind.ONLY, "", 0);
    /** Like {@link #ONLY}, but addresses that have no such port are passed over, as Synse Server does. */
    public static final PortRule PLUGIN = new PortRule(Kind.PLUGIN, "", 0);

    private static final int MAX_PORT = 65_535;

    /** What is said about a port. */
    public enum Kind {
        ONLY,
        PLUGIN,
        NAME,
        NUMBER
    }

    public PortRule {
        boolean valid = switch (kind) {
            case ONLY, PLUGIN -> name.isEmpty() && number == 0;
            case NAME -> !name.isBlank() && number == 0;
            case NUMBER -> name.isEmpty() && number >= 1 && number <= MAX_PORT;
        };
        if (!valid) {
            throw new IllegalArgumentException(
                    "port: " + name + number + " (expected: the name of a port, or 1.." + MAX_PORT + ")");
        }
    }

    /** Returns the rule for the port that is called {@code name}. */
    public static PortRule named(String name) {
        return new PortRule(Kind.NAME, name, 0);
    }

    /** Returns the rule for the port {@code number}, 1..65535. */
    public static PortRule numbered(int number) {
        return new PortRule(Kind.NUMBER, "", number);
    }
}
