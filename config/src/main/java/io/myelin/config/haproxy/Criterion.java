package io.myelin.config.haproxy;

import io.myelin.access.AddressRange;
import io.myelin.route.Condition;
import io.myelin.route.Condition.Part;
import io.myelin.route.ConnectionCondition;
import io.myelin.route.ConnectionCondition.End;
import io.myelin.route.EncryptedCondition;
import io.myelin.route.HeaderCondition;
import io.myelin.route.HeaderCount;
import io.myelin.route.Match;
import io.myelin.route.NumberCondition;
import io.myelin.route.NumberCondition.Subject;
import io.myelin.route.Numbers;
import io.myelin.route.Numbers.Range;
import io.myelin.route.ParameterCondition;
import io.myelin.route.PartCondition;
import io.myelin.route.PoolCondition;
import io.myelin.route.PoolCondition.Measure;
import io.myelin.route.Regex;
import io.myelin.route.TextCriterion;
import io.myelin.route.TlsCondition;
import io.myelin.route.TlsFact;
import io.myelin.route.TlsSample;
import io.myelin.route.TlsSample.Letters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an {@code acl} asks: which part of a message is compared with what, and how.
 *
 * @param use which messages have that part
 */
record Criterion(Condition condition, Use use) {
    private static final String FORMS =
            "hdr(NAME), path, url, urlp(NAME), query, method, src, dst, dst_port, nbsrv(NAME), connslots(NAME), be_conn(NAME), queue(NAME) or status";
    private static final Pattern NAME = Pattern.compile(
            "((?:req\\.|res\\.)?f?hdr|shdr|path|urlp|url_param|url|query|method|src|src_port|dst|dst_port|status"
                    + "|nbsrv|connslots|be_conn|queue|ssl_fc_sni|ssl_fc_has_sni|ssl_fc_protocol|ssl_fc_cipher|ssl_fc_alpn|ssl_fc_has_crt|ssl_fc_is_resumed|ssl_c_used"
                    + "|ssl_c_verify|ssl_c_s_dn|ssl_c_i_dn|ssl_c_serial|ssl_c_sha1|ssl_c_notbefore|ssl_c_notafter|ssl_fc|always_true|always_false|wait_end|req_proto_http)"
                    + "(?:_(str|beg|end|sub|dom|dir|reg|len|cnt|val))?(?:\\(([^(),]*)\\))?((?:,\\w+)*)",
            Pattern.CASE_INSENSITIVE);

    private static final TextCriterion YES = new TextCriterion.OneOf(Match.EXACT, false, List.of("1"));
    private static final Map<String, Match> MATCHES = Map.of(
            "str", Match.EXACT,
            "beg", Match.BEGINS,
            "end", Match.ENDS,
            "sub", Match.CONTAINS,
            "dom", Match.DOMAIN,
            "dir", Match.STEPS);

    /** Which messages something can be asked of. */
    enum Use {
        REQUEST,
        RESPONSE,
        BOTH;

        /** Returns whether it can be asked when there is nothing but a message of that kind. */
        boolean fits(Use kind) {
            return this == BOTH || this == kind;
        }
    }

    /**
     * The words of a criterion, sorted.
     *
     * @param converters that the part passes through, each after a comma
     * @param how the way to compare, {@code null} for what is usual for the part
     * @param values everything behind the flags
     */
    private record Question(
            String part,
            String argument,
            String converters,
            @Nullable String how,
            boolean ignoreCase,
            List<String> values) {}

    /** Returns the criterion that {@code words}, its name, flags and values, state. */
    static Criterion of(List<String> words) throws MalformedLineException {
        Matcher name = NAME.matcher(words.get(0));
        if (!name.matches()) {
            throw notInterpreted("the criterion " + words.get(0));
        }
        String argument = name.group(3) == null ? "" : name.group(3);
        String how = name.group(2);
        boolean ignoreCase = false;
        int at = 1;
        for (; at < words.size() && words.get(at).matches("-[a-zA-Z-].*"); at++) {
            String flag = words.get(at);
            if (flag.equals("--")) {
                at++;
                break;
            }
            if (flag.equals("-i")) {
                ignoreCase = true;
            } else if (flag.equals("-m") && at + 1 < words.size()) {
                how = words.get(++at);
            } else {
                throw notInterpreted("the flag " + flag);
            }
        }
        List<String> values = words.subList(at, words.size());
        String part = name.group(1).toLowerCase(Locale.ROOT);
        Question asked = new Question(part, argument, name.group(4), how, ignoreCase, values);
        TlsFact tls = TlsFact.of(part);
        if (tls == null && !asked.converters().isEmpty()) {
            throw notInterpreted("the criterion " + words.get(0));
        }
        return tls == null ? of(asked, words.get(0)) : ofTls(tls, asked, words.get(0));
    }

    private static Criterion of(Question asked, String written) throws MalformedLineException {
        return switch (asked.part()) {
            case "hdr", "req.hdr", "fhdr", "req.fhdr" -> new Criterion(header(asked, written), Use.REQUEST);
            case "res.hdr", "res.fhdr", "shdr" -> new Criterion(header(asked, written), Use.RESPONSE);
            case "path" -> new Criterion(part(Part.PATH, asked), Use.REQUEST);
            case "url" -> new Criterion(part(Part.TARGET, asked), Use.REQUEST);
            case "query" -> new Criterion(part(Part.QUERY, asked), Use.REQUEST);
            case "method" -> new Criterion(part(Part.METHOD, asked), Use.REQUEST);
            case "urlp", "url_param" ->
                new Criterion(new ParameterCondition(argument(asked, written), test(asked)), Use.REQUEST);
            case "src" -> new Criterion(address(End.SOURCE, asked), Use.BOTH);
            case "dst" -> new Criterion(address(End.DESTINATION, asked), Use.BOTH);
            case "src_port" -> new Criterion(new NumberCondition(Subject.SOURCE_PORT, numbers(asked)), Use.BOTH);
            case "dst_port" -> new Criterion(new NumberCondition(Subject.DESTINATION_PORT, numbers(asked)), Use.BOTH);
            case "status" -> new Criterion(new NumberCondition(Subject.STATUS, numbers(asked)), Use.RESPONSE);
            case "nbsrv" -> new Criterion(pool(Measure.MEMBERS, asked, written), Use.BOTH);
            case "connslots" -> new Criterion(pool(Measure.FREE_SLOTS, asked, written), Use.BOTH);
            case "be_conn" -> new Criterion(pool(Measure.IN_PROGRESS, asked, written), Use.BOTH);
            case "queue" -> new Criterion(pool(Measure.WAITING, asked, written), Use.BOTH);
            case "ssl_fc" -> new Criterion(new EncryptedCondition(), Use.BOTH);
            case "ssl_fc_has_sni" ->
                new Criterion(new TlsCondition(sample(TlsFact.SERVER_NAME), TextCriterion.PRESENT), Use.BOTH);
            case "ssl_fc_has_crt" -> ofTls(TlsFact.CLIENT_USED, asked, written);
            case "always_false" -> new Criterion(Condition.NEVER, Use.BOTH);
            default -> new Criterion(Condition.ALWAYS, Use.BOTH);
        };
    }

    private static Criterion ofTls(TlsFact fact, Question asked, String written) throws MalformedLineException {
        Condition condition = switch (fact) {
            case RESUMED, CLIENT_USED -> new TlsCondition(sample(fact), YES);
            case CLIENT_VERIFIED -> new TlsCondition(sample(fact), new TextCriterion.AsNumber(numbers(asked)));
            default -> ofTlsText(fact, asked, written);
        };
        return new Criterion(condition, Use.BOTH);
    }

    private static Condition ofTlsText(TlsFact fact, Question asked, String written) throws MalformedLineException {
        // As HAProxy compares bytes: with digits, whatever their case.
        boolean bytes = fact.binary() && asked.converters().isEmpty();
        String argument = asked.argument().isEmpty() ? "" : "(" + asked.argument() + ")";
        TlsSample sample = TlsSample.of(asked.part() + argument + (bytes ? ",hex" : asked.converters()));
        if (sample == null || (bytes && asked.how() != null && !asked.how().equals("bin"))) {
            throw notInterpreted("the criterion " + written);
        }
        TextCriterion test = bytes ? new TextCriterion.OneOf(Match.EXACT, true, texts(asked)) : test(asked);
        return new TlsCondition(sample, test);
    }

    private static TlsSample sample(TlsFact fact) {
        return new TlsSample(fact, "", Letters.KEPT);
    }

    private static Condition pool(Measure measure, Question asked, String written) throws MalformedLineException {
        return new PoolCondition(measure, argument(asked, written), numbers(asked));
    }

    private static Condition header(Question asked, String written) throws MalformedLineException {
        String name = argument(asked, written);
        boolean whole = asked.part().contains("fhdr");
        if ("cnt".equals(asked.how())) {
            return new HeaderCount(name, whole, numbers(asked));
        }
        // The Host field of a request is kept apart, where conditions on it can be found by their texts.
        boolean host = name.equalsIgnoreCase("host") && !asked.part().matches("res\\..*|shdr");
        return host ? part(Part.HOST, asked) : new HeaderCondition(name, whole, test(asked));
    }

    private static Condition part(Part part, Question asked) throws MalformedLineException {
        if (!asked.argument().isEmpty() && part != Part.HOST) {
            throw notInterpreted("the argument " + asked.argument());
        }
        Match match = matchOf(asked);
        if (match != null) {
            return new Condition.Text(part, match, asked.ignoreCase(), texts(asked));
        }
        TextCriterion test = test(asked);
        boolean found = test == TextCriterion.PRESENT;
        return new PartCondition(part, found ? new TextCriterion.OfLength(atLeast(1)) : test);
    }

    private static TextCriterion test(Question asked) throws MalformedLineException {
        Match match = matchOf(asked);
        if (match != null) {
            return new TextCriterion.OneOf(match, asked.ignoreCase(), texts(asked));
        }
        return switch (String.valueOf(asked.how())) {
            case "found" -> TextCriterion.PRESENT;
            case "reg" -> new TextCriterion.Like(expressions(asked));
            case "len" -> new TextCriterion.OfLength(numbers(asked));
            case "val", "int" -> new TextCriterion.AsNumber(numbers(asked));
            default -> throw notInterpreted("the match " + asked.how());
        };
    }

    private static @Nullable Match matchOf(Question asked) {
        return asked.how() == null ? Match.EXACT : MATCHES.get(asked.how());
    }

    private static List<String> texts(Question asked) throws MalformedLineException {
        if (asked.values().isEmpty()) {
            throw notInterpreted("a criterion without a value");
        }
        return asked.values();
    }

    private static List<Regex> expressions(Question asked) throws MalformedLineException {
        List<Regex> expressions = new ArrayList<>();
        for (String text : texts(asked)) {
            expressions.add(Arguments.regex(text, asked.ignoreCase()));
        }
        return expressions;
    }

    private static Condition address(End end, Question asked) throws MalformedLineException {
        if (asked.how() != null && !asked.how().equals("ip")) {
            throw notInterpreted("the match " + asked.how());
        }
        List<AddressRange> networks = new ArrayList<>();
        for (String text : texts(asked)) {
            AddressRange range = AddressRange.parse(text);
            if (range == null) {
                throw new MalformedLineException(
                        "`" + text + "` is not an address or network", "such as 10.0.0.0/8 or ::1");
            }
            networks.add(range);
        }
        return new ConnectionCondition(end, networks);
    }

    /** Returns the numbers that the values name: each one number or range, after an operator that goes on to hold. */
    private static Numbers numbers(Question asked) throws MalformedLineException {
        List<Range> ranges = new ArrayList<>();
        String operator = "eq";
        for (String text : texts(asked)) {
            if (text.matches("eq|ge|gt|le|lt")) {
                operator = text;
            } else {
                ranges.add(range(operator, text));
            }
        }
        if (ranges.isEmpty()) {
            throw notInterpreted("a criterion without a value");
        }
        return new Numbers(ranges);
    }

    private static Range range(String operator, String text) throws MalformedLineException {
        boolean range = text.matches("-?\\d{1,18}:(-?\\d{1,18})?|:-?\\d{1,18}");
        if (operator.equals("eq") && range) {
            String[] ends = text.split(":", 2);
            return new Range(
                    ends[0].isEmpty() ? Long.MIN_VALUE : Long.parseLong(ends[0]),
                    ends[1].isEmpty() ? Long.MAX_VALUE : Long.parseLong(ends[1]));
        }
        if (!text.matches("-?\\d{1,18}")) {
            throw new MalformedLineException("`" + text + "` is not a number", "a number or a range such as 1:9");
        }
        long number = Long.parseLong(text);
        return switch (operator) {
            case "ge" -> new Range(number, Long.MAX_VALUE);
            case "gt" -> new Range(number + 1, Long.MAX_VALUE);
            case "le" -> new Range(Long.MIN_VALUE, number);
            case "lt" -> new Range(Long.MIN_VALUE, number - 1);
            default -> new Range(number, number);
        };
    }

    private static Numbers atLeast(long number) {
        return new Numbers(List.of(new Range(number, Long.MAX_VALUE)));
    }

    private static String argument(Question asked, String written) throws MalformedLineException {
        if (asked.argument().isBlank()) {
            throw notInterpreted("the criterion " + written);
        }
        return asked.argument().strip();
    }

    private static MalformedLineException notInterpreted(String what) {
        return new MalformedLineException(what + " is not interpreted", FORMS);
    }
}
