package io.myelin.config.reader;

import io.myelin.config.document.Mapping;
import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.reader.Section.Item;
import io.myelin.health.CheckConfig.Expectation;
import io.myelin.health.CheckConfig.HttpCheck;
import io.myelin.health.LocalCheck;
import io.myelin.health.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the {@code checks} of an instance, in Nerve's words and in native ones. */
final class LocalChecksReader {
    private static final Duration NERVE_TIMEOUT = Duration.ofMillis(100);
    private static final Duration NERVE_OPEN_TIMEOUT = Duration.ofMillis(200);
    private static final Duration NERVE_HANDSHAKE_TIMEOUT = Duration.ofMillis(200);
    private static final Duration NATIVE_TIMEOUT = Duration.ofSeconds(1);
    private static final String GUEST = "guest";
    private static final String NATIVE_FORMS = "tcp, a path such as /health, or a map";

    private final String host;
    private final int port;
    private final Problems problems;
    private final Map<String, Function<Section, @Nullable Question>> nerveTypes = new TreeMap<>();

    /** Creates a reader of checks that ask at {@code host} and {@code port} unless they say otherwise. */
    LocalChecksReader(String host, int port, Problems problems) {
        this.host = host;
        this.port = port;
        this.problems = problems;
        nerveTypes.put("http", LocalChecksReader::nerveHttp);
        nerveTypes.put("tcp", check -> new Question.Tcp());
        nerveTypes.put("noop", check -> new Question.Nothing());
        nerveTypes.put("redis", check -> new Question.Redis());
        nerveTypes.put("rabbitmq", LocalChecksReader::rabbitMq);
    }

    /** Reads the checks of one of Nerve's services. */
    List<LocalCheck> nerve(Section service) {
        List<LocalCheck> checks = new ArrayList<>();
        for (Item item : service.items("checks")) {
            Section check = Section.of(item.node(), item.where(), problems);
            LocalCheck read = check == null ? null : nerveCheck(check);
            if (read != null) {
                checks.add(read);
            }
        }
        return checks;
    }

    /** Reads the checks of a native {@code announce}. */
    List<LocalCheck> nativeChecks(Section announce) {
        List<LocalCheck> checks = new ArrayList<>();
        for (Item item : announce.items("checks")) {
            LocalCheck read = item.node() instanceof Scalar scalar
                    ? shorthand(scalar, item)
                    : nativeCheck(Section.of(item.node(), item.where(), problems));
            if (read != null) {
                checks.add(read);
            }
        }
        return checks;
    }

    private @Nullable LocalCheck nerveCheck(Section check) {
        NerveKeys.warnOfUnknown(check, NerveKeys.CHECK);
        String expected = String.join(", ", nerveTypes.keySet());
        String type = check.text("type");
        Function<Section, @Nullable Question> reader = type == null ? null : nerveTypes.get(type);
        if (type == null || reader == null) {
            String message = type == null ? "has no type" : type;
            problems.error(
                    type == null ? check.where() : check.where("type"),
                    message + (check.has("module") ? "; there are no modules to load" : ""),
                    expected);
            return null;
        }
        Question question = reader.apply(check);
        Duration timeout = AnnounceTimes.SECONDS.read(check, "timeout", NERVE_TIMEOUT);
        Duration answer = AnnounceTimes.SECONDS.read(check, "read_timeout", timeout);
        boolean http = question instanceof Question.Http;
        Duration open = AnnounceTimes.SECONDS.read(check, "open_timeout", http ? NERVE_OPEN_TIMEOUT : timeout);
        return question == null ? null : check(check, question, type, open, answer, 1);
    }

    private static @Nullable Question nerveHttp(Section check) {
        String uri = check.text("uri", "/[!-~]*", "a path that begins with /");
        if (uri == null) {
            if (!check.has("uri")) {
                check.problems().error(check.where(), "has no uri", "a path that begins with /");
            }
            return null;
        }
        String expect = check.text("expect");
        Expectation expectation = expect == null || expect.isEmpty()
                ? Expectation.SUCCESS
                : new Expectation(Expectation.Kind.SUCCESS_AND_BODY_CONTAINS, false, expect);
        Duration handshake = AnnounceTimes.SECONDS.read(check, "ssl_timeout", NERVE_HANDSHAKE_TIMEOUT);
        return new Question.Http(
                new HttpCheck("GET", uri, "HTTP/1.1", headers(check), expectation),
                check.flag("ssl", false) ? handshake : null);
    }

    private static Question rabbitMq(Section check) {
        String username = check.text("username");
        String password = check.text("password");
        return new Question.RabbitMq(username == null ? GUEST : username, password == null ? GUEST : password);
    }

    private static List<String> headers(Section check) {
        List<String> headers = new ArrayList<>();
        Section fields = check.node("headers") instanceof Mapping ? check.section("headers") : null;
        if (fields == null && check.has("headers")) {
            check.problems().error(check.where("headers"), "is not a map", "names of fields and their values");
        }
        for (Entry entry : fields == null ? List.<Entry>of() : fields.entries()) {
            String value = fields == null ? null : fields.text(entry.name());
            String line = entry.name() + ": " + (value == null ? "" : value);
            if (line.matches("[!-9;-~]+:[^\\r\\n\\x00]*")) {
                headers.add(line);
            } else {
                check.problems().error(check.where("headers"), "`" + line.strip() + "` is not a header", "Name: value");
            }
        }
        return headers;
    }

    private LocalCheck check(
            Section check, Question question, String type, Duration open, Duration answer, int otherwise) {
        String at = check.text("host");
        Integer ownPort = check.number("port", 1, 65_535);
        String name = check.text("name");
        String where = (at == null ? host : at) + ":" + (ownPort == null ? port : ownPort);
        String uri = question instanceof Question.Http http ? http.request().uri() : "";
        return new LocalCheck(
                name == null ? type + "-" + where + uri : name,
                question,
                at == null || at.isBlank() ? host : at,
                ownPort == null ? port : ownPort,
                open,
                answer,
                check.number("rise", 1, 1_000, otherwise),
                check.number("fall", 1, 1_000, otherwise));
    }

    private @Nullable LocalCheck shorthand(Scalar scalar, Item item) {
        String text = scalar.text();
        if (text.equals("tcp")) {
            return withDefaults("tcp-" + host + ":" + port, new Question.Tcp());
        }
        if (text.matches("/[!-~]*")) {
            return withDefaults(
                    "http-" + host + ":" + port + text,
                    new Question.Http(new HttpCheck("GET", text, "HTTP/1.1", List.of(), Expectation.SUCCESS)));
        }
        problems.error(item.where(), text, NATIVE_FORMS);
        return null;
    }

    private LocalCheck withDefaults(String name, Question question) {
        return new LocalCheck(name, question, host, port, NATIVE_TIMEOUT, NATIVE_TIMEOUT, 1, 1);
    }

    private @Nullable LocalCheck nativeCheck(@Nullable Section check) {
        if (check == null) {
            return null;
        }
        check.allow(AnnounceKeys.CHECK);
        Set<String> asked = new HashSet<>(AnnounceKeys.QUESTIONS);
        asked.removeIf(key -> !check.has(key));
        if (asked.size() != 1) {
            problems.error(
                    check.where(),
                    asked.isEmpty() ? "does not say what to check" : "says more than one thing to check",
                    "one of " + String.join(", ", AnnounceKeys.QUESTIONS));
            return null;
        }
        String kind = asked.iterator().next();
        Duration timeout = AnnounceTimes.NATIVE.read(check, "timeout", NATIVE_TIMEOUT);
        Question question = nativeQuestion(kind, check, timeout);
        return question == null ? null : check(check, question, kind, timeout, timeout, 1);
    }

    private @Nullable Question nativeQuestion(String kind, Section check, Duration timeout) {
        if (kind.equals("http")) {
            return nativeHttp(check, timeout);
        }
        if (kind.equals("rabbitmq") && check.node(kind) instanceof Mapping) {
            Section account = check.section(kind);
            if (account != null) {
                account.allow(AnnounceKeys.RABBITMQ);
                return rabbitMq(account);
            }
        }
        if (!check.flag(kind, true)) {
            problems.error(check.where(kind), "false", "true");
        }
        return switch (kind) {
            case "redis" -> new Question.Redis();
            case "rabbitmq" -> new Question.RabbitMq(GUEST, GUEST);
            default -> new Question.Tcp();
        };
    }

    private @Nullable Question nativeHttp(Section check, Duration timeout) {
        HttpCheck request = new CheckReader(problems).http(check);
        return request == null ? null : new Question.Http(request, check.flag("tls", false) ? timeout : null);
    }
}
