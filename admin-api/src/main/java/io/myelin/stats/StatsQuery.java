package io.myelin.stats;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What is asked for, in the words that HAProxy has for it in the target of a request.
 *
 * @param csv whether lines are wanted, instead of a page
 * @param refresh whether a page may ask to be loaded again
 * @param scope part of the names of the proxies that are asked for, whatever the case; empty for all
 * @param proxies the names of those that may be asked for, empty for all
 * @param selection which of their lines, by number
 * @param hidden which servers are left out for what they do
 */
public record StatsQuery(
        boolean csv, boolean refresh, String scope, Set<String> proxies, Selection selection, Hidden hidden) {
    /** All lines of all proxies. */
    public static final StatsQuery ALL =
            new StatsQuery(true, false, "", Set.of(), new Selection("-1", -1, -1), Hidden.NONE);

    /**
     * Lines by number.
     *
     * @param proxy the number or name of a proxy, {@code -1} for all
     * @param types which kinds of lines, as bits: 1 frontends, 2 backends, 4 servers; -1 for all
     * @param server the number of a server, -1 for all
     */
    public record Selection(String proxy, int types, int server) {}

    /** Servers that are left out. */
    public enum Hidden {
        NONE,
        IN_MAINTENANCE,
        /** Those, and those that are down. */
        NOT_RUNNING;

        private boolean covers(Row row) {
            String status = row.key().type() == Row.Type.SERVER ? row.cell(Column.STATUS) : "";
            return (this != NONE && status.startsWith("MAINT")) || (this == NOT_RUNNING && status.startsWith("DOWN"));
        }
    }

    private static final String SCOPE = "scope=";

    public StatsQuery {
        proxies = Set.copyOf(proxies);
    }

    /** Returns what {@code words}, between semicolons, question marks and ampersands, ask for; others mean nothing. */
    public static StatsQuery of(String words) {
        boolean csv = false;
        boolean refresh = true;
        String scope = "";
        for (String word : words.split("[;?&]", -1)) {
            if (word.equals("csv")) {
                csv = true;
            } else if (word.equals("norefresh")) {
                refresh = false;
            } else if (word.startsWith(SCOPE)) {
                scope = word.substring(SCOPE.length());
            }
        }
        return new StatsQuery(csv, refresh, scope, Set.of(), ALL.selection, Hidden.NONE);
    }

    /** Returns the same query of those proxies only, of all if there are none. */
    StatsQuery within(Set<String> newProxies) {
        return new StatsQuery(csv, refresh, scope, newProxies, selection, hidden);
    }

    /**
     * Returns the same query of the lines that {@code words} of {@code show stat} select; what is no number means all.
     */
    public StatsQuery selecting(List<String> words) {
        Selection selected = new Selection(words.isEmpty() ? "-1" : words.get(0), number(words, 1), number(words, 2));
        return new StatsQuery(csv, refresh, scope, proxies, selected, hidden);
    }

    /** Returns the same query with others left out. */
    public StatsQuery hiding(Hidden newHidden) {
        return new StatsQuery(csv, refresh, scope, proxies, selection, newHidden);
    }

    private static int number(List<String> words, int index) {
        return index < words.size() && words.get(index).matches("\\d{1,9}") ? Integer.parseInt(words.get(index)) : -1;
    }

    boolean admits(Row row) {
        boolean proxy = selection.proxy.equals("-1")
                || selection.proxy.equals(row.cell(Column.PXNAME))
                || selection.proxy.equals(row.cell(Column.IID));
        return proxy
                && !hidden.covers(row)
                && (selection.types == -1 || (selection.types & row.key().type().bit()) != 0)
                && (selection.server == -1 || Integer.toString(selection.server).equals(row.cell(Column.SID)));
    }

    boolean admits(String proxy) {
        return (proxies.isEmpty() || proxies.contains(proxy))
                && (scope.isEmpty() || proxy.toLowerCase(Locale.ROOT).contains(scope.toLowerCase(Locale.ROOT)));
    }
}
