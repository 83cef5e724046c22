package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines that are read without being obeyed, and what that means for traffic. */
final class Ignored {
    /** By how a line begins; the first that fits counts. */
    private static final Map<String, String> CONSEQUENCES = consequences();

    /** Lines that ask for what happens anyway. */
    private static final String[] FULFILLED = {"http-reuse safe"};

    private Ignored() {}

    static void report(Line line, Problems problems) {
        String text = String.join(" ", line.words());
        for (String begin : FULFILLED) {
            if (begins(text, begin)) {
                return;
            }
        }
        line.warning(problems, "not interpreted: " + consequenceOf(text));
    }

    private static String consequenceOf(String text) {
        for (Map.Entry<String, String> known : CONSEQUENCES.entrySet()) {
            if (begins(text, known.getKey())) {
                return known.getValue();
            }
        }
        return "it has no effect";
    }

    private static boolean begins(String text, String begin) {
        return text.startsWith(begin) && (text.length() == begin.length() || text.charAt(begin.length()) == ' ');
    }

    private static Map<String, String> consequences() {
        String unchanged = "requests and answers pass unchanged";
        String admitted = "what it would refuse is let through";
        String limit = "there is no such limit";
        Map<String, String> table = new LinkedHashMap<>();
        table.put("http-request deny", admitted);
        table.put("http-request tarpit", admitted);
        table.put("http-request auth", admitted);
        table.put("http-request", unchanged);
        table.put("http-response", unchanged);
        for (String word : new String[] {"reqadd", "reqdel", "reqidel", "reqrep", "reqirep", "rspadd", "rspdel"}) {
            table.put(word, unchanged);
        }
        for (String word : new String[] {"block", "reqtarpit", "reqitarpit", "reqdeny", "reqideny", "tcp-request"}) {
            table.put(word, admitted);
        }
        table.put("tcp-response", admitted);
        table.put("redirect", "requests are not redirected");
        table.put("force-persist", "the cookie of a member that is down is heeded with option persist only");
        table.put("ignore-persist", "the cookie decides about every request");
        table.put("stick", "clients do not stick to a member");
        table.put("stick-table", "clients do not stick to a member");
        table.put("server", "this server takes no traffic");
        table.put("use-server", "members are chosen by the balance policy alone");
        table.put("compression", "answers are not compressed");
        table.put("stats", "the admin listener shows statistics");
        table.put("monitor-net", "those who ask from there are served like any other");
        table.put("capture cookie", "cookies are not shown in logs");
        table.put("capture", "it is not shown in logs");
        table.put("log-format-sd", "messages have no structured data");
        table.put("error-log-format", "failures are logged like everything else");
        table.put("option logasap", "lines are written when a request or tunnel is over");
        table.put("option httpslog", "lines keep the form they had");
        table.put("fullconn", "maxconn of a server holds whatever the load");
        table.put("rate-limit", limit);
        return table;
    }
}
