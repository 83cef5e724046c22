package io.myelin.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the options of HAProxy's server lines say of TLS to members (HAProxy's configuration manual, section 5.2). Of
 * two words on one matter the later counts.
 */
public final class MemberTlsWords {
    private static final String SYSTEM = "@system-ca";
    private static final Pattern CONSTANT = Pattern.compile("str\\(\\s*[\"']?([^\\s\"'()]+)[\"']?\\s*\\)");

    /** A field of the request or the client's own SNI, with what it may be passed through to be a name. */
    private static final Pattern SAID = Pattern.compile(
            "(?:(?:req\\.f?|f?)hdr\\(\\s*[\"']?([!#$%&*+.^_`|~0-9A-Za-z-]+)[\"']?"
                    + "\\s*(?:,\\s*1\\s*)?\\)|ssl_fc_sni)(?:,(?:lower|host_only|(?:field|word)\\(1,[\"']?:[\"']?\\)))*");

    private static final String SOURCES = "str(NAME), req.hdr(NAME) or ssl_fc_sni";
    private static final Pattern CIPHER = Pattern.compile("[A-Z0-9_]+(-[A-Z0-9_]+)+");
    private static final Set<String> SPOKEN = Set.of("http/1.1", "http/1.0");

    /** The versions in HAProxy's words, the oldest first. */
    private static final List<String> VERSIONS = List.of("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");

    private static final Map<String, String> WITHOUT = Map.of(
            "no-tlsv10", "TLSv1.0",
            "no-tlsv11", "TLSv1.1",
            "no-tlsv12", "TLSv1.2",
            "no-tlsv13", "TLSv1.3");

    private static final Map<String, String> ONLY = Map.of(
            "force-tlsv10", "TLSv1.0",
            "force-tlsv11", "TLSv1.1",
            "force-tlsv12", "TLSv1.2",
            "force-tlsv13", "TLSv1.3");

    /** What asks for what is so anyway. */
    private static final Set<String> FULFILLED = Set.of("no-sslv3", "tls-tickets", "no-renegotiate");

    private static final Map<String, String> WITHOUT_EFFECT = Map.of(
            "no-tls-tickets", "sessions are resumed unless no-ssl-reuse is said",
            "force-sslv3", "members are not spoken SSL with",
            "renegotiate", "members cannot ask for another handshake",
            "allow-0rtt", "requests wait for the handshake");

    private static final Map<String, String> WITHOUT_EFFECT_AND_ARGUMENT = Map.of(
            "ciphersuites", "TLS 1.3 has its usual ciphers",
            "curves", "the usual ones are offered",
            "sigalgs", "the usual ones are offered",
            "client-sigalgs", "the usual ones are offered",
            "npn", "ALPN has taken its place");

    private MemberTlsWords() {}

    /** Whoever hears of what cannot be honoured. */
    public interface Remarks {
        /** Of what is badly written nothing was taken. */
        void error(String what, String expected);

        /** Something is understood and has no effect. */
        void warning(String what);
    }

    /** Nobody. */
    private static final Remarks UNHEARD = new Remarks() {
        @Override
        public void error(String what, String expected) {}

        @Override
        public void warning(String what) {}
    };

    /** Returns {@code otherwise} with what {@code options} say; what they badly say counts as not said. */
    public static MemberTls over(MemberTls otherwise, String options) {
        if (options.isBlank()) {
            return otherwise;
        }
        List<String> words = List.of(options.strip().split("\\s+", -1));
        MemberTls.Builder settings = otherwise.with();
        int at = 0;
        while (at < words.size()) {
            String argument = at + 1 < words.size() ? words.get(at + 1) : "";
            at += Math.max(1, take(words.get(at), argument, settings, UNHEARD));
        }
        MemberTls said = settings.build();
        return said.equals(otherwise) ? otherwise : said;
    }

    /**
     * Takes {@code option} if it is about TLS, and returns how many words it and what belongs to it are; 0 if it is
     * not.
     */
    public static int take(String option, String argument, MemberTls.Builder settings, Remarks remarks) {
        switch (option) {
            case "ssl" -> settings.enabled(true);
            case "no-ssl" -> settings.enabled(false);
            case "check-ssl" -> settings.checks(true);
            case "no-check-ssl" -> settings.checks(false);
            case "ssl-reuse" -> settings.resumes(true);
            case "no-ssl-reuse" -> settings.resumes(false);
            case "no-verifyhost" -> settings.verifiedName(null);
            default -> {
                return takeVersion(option, argument, settings, remarks);
            }
        }
        return 1;
    }

    private static int takeVersion(String option, String argument, MemberTls.Builder settings, Remarks remarks) {
        String without = WITHOUT.get(option);
        String only = ONLY.get(option);
        String consequence = WITHOUT_EFFECT.get(option);
        if (without != null) {
            List<String> left = new ArrayList<>(settings.protocols());
            left.remove(protocol(without));
            restrict(left, settings, remarks);
        } else if (only != null) {
            settings.protocols(List.of(protocol(only)));
        } else if (consequence != null) {
            remarks.warning(option + " is not interpreted: " + consequence);
        } else if (!FULFILLED.contains(option)) {
            return takeWithArgument(option, argument, settings, remarks);
        }
        return 1;
    }

    private static int takeWithArgument(String option, String argument, MemberTls.Builder settings, Remarks remarks) {
        switch (option) {
            case "verify" -> verify(argument, settings, remarks);
            case "ca-file" -> {
                if (present(option, argument, "a PEM file", remarks)) {
                    settings.authorities(argument.equals(SYSTEM) ? null : argument);
                }
            }
            case "crl-file" -> {
                if (present(option, argument, "a PEM file", remarks)) {
                    settings.revocations(argument);
                }
            }
            case "crt" -> {
                if (present(option, argument, "a PEM file", remarks)) {
                    settings.certificate(argument).key(null);
                }
            }
            case "verifyhost" -> {
                if (present(option, argument, "a host name", remarks)) {
                    settings.verifiedName(argument);
                }
            }
            case "check-sni" -> {
                if (present(option, argument, "a host name", remarks)) {
                    settings.checkName(argument);
                }
            }
            case "sni" -> serverName(argument, settings, remarks);
            case "alpn" -> settings.applicationProtocols(spoken(option, argument, remarks));
            case "check-alpn" -> settings.checkProtocols(spoken(option, argument, remarks));
            case "ciphers" -> settings.ciphers(ciphers(argument));
            case "ssl-min-ver", "ssl-max-ver" -> limit(option, argument, settings, remarks);
            default -> {
                String consequence = WITHOUT_EFFECT_AND_ARGUMENT.get(option);
                if (consequence == null) {
                    return 0;
                }
                remarks.warning(option + " " + argument + " is not interpreted: " + consequence);
            }
        }
        return 2;
    }

    private static boolean present(String option, String argument, String expected, Remarks remarks) {
        if (argument.isEmpty()) {
            remarks.error(option + ": a word is missing", expected);
        }
        return !argument.isEmpty();
    }

    private static void verify(String argument, MemberTls.Builder settings, Remarks remarks) {
        switch (argument) {
            case "none" -> settings.verify(false);
            case "required" -> settings.verify(true);
            default -> remarks.error("verify: `" + argument + "` is not interpreted", "none or required");
        }
    }

    private static void serverName(String argument, MemberTls.Builder settings, Remarks remarks) {
        Matcher constant = CONSTANT.matcher(argument);
        Matcher said = SAID.matcher(argument);
        if (constant.matches()) {
            settings.serverName(constant.group(1)).nameSource(null);
        } else if (said.matches()) {
            settings.serverName("").nameSource(new NameSource(said.group(1)));
        } else if (present("sni", argument, SOURCES, remarks)) {
            remarks.error("sni " + argument + " is not interpreted", SOURCES);
        }
    }

    private static List<String> spoken(String option, String argument, Remarks remarks) {
        List<String> named = List.of(argument.toLowerCase(Locale.ROOT).split(",", -1));
        List<String> spoken = named.stream().filter(SPOKEN::contains).toList();
        if (spoken.size() < named.size()) {
            remarks.warning(option + " " + argument + " is interpreted in part: members are offered "
                    + (spoken.isEmpty() ? "nothing" : String.join(", ", spoken)));
        }
        return spoken;
    }

    private static List<String> ciphers(String argument) {
        return Pattern.compile("[:, ]")
                .splitAsStream(argument)
                .filter(cipher -> CIPHER.matcher(cipher).matches())
                .toList();
    }

    private static void limit(String option, String argument, MemberTls.Builder settings, Remarks remarks) {
        int limit = VERSIONS.indexOf(argument);
        if (limit < 0) {
            remarks.error(option + ": `" + argument + "` is not a version of TLS", String.join(", ", VERSIONS));
        } else if (option.equals("ssl-min-ver")) {
            // Old versions are spoken with those only who ask for them.
            settings.protocols(protocols(VERSIONS.subList(limit, VERSIONS.size())));
        } else {
            List<String> left = new ArrayList<>(settings.protocols());
            left.retainAll(protocols(VERSIONS.subList(0, limit + 1)));
            restrict(left, settings, remarks);
        }
    }

    private static void restrict(List<String> left, MemberTls.Builder settings, Remarks remarks) {
        if (left.isEmpty()) {
            remarks.error("no version of TLS is left", "at least one of TLSv1.2 and TLSv1.3");
        } else {
            settings.protocols(left);
        }
    }

    private static List<String> protocols(List<String> versions) {
        return versions.stream().map(MemberTlsWords::protocol).toList();
    }

    /** Returns the version in Java's words. */
    private static String protocol(String version) {
        return version.equals("TLSv1.0") ? "TLSv1" : version;
    }
}
