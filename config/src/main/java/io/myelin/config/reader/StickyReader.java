package io.myelin.config.reader;

import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.haproxy.Line;
import io.myelin.model.Protocol;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyConfig.Naming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads how clients of a service stick to a member: a native {@code sticky}, a name or a map, or what its lines say.
 */
final class StickyReader {
    private static final String NAMES = "the name of a cookie";
    private static final String TEXTS = "a text without semicolons and control characters";
    private static final String NEEDS_REQUESTS = "goes by requests, and the service speaks TCP";

    private final Section service;
    private final Problems problems;

    StickyReader(Section service) {
        this.service = service;
        this.problems = service.problems();
    }

    /**
     * Returns what the key says, or {@code otherwise} without it; {@code null} if clients do not stick to members.
     *
     * @param line the service's own line that says {@code otherwise}, {@code null} if none does
     */
    @Nullable
    StickyConfig read(@Nullable StickyConfig otherwise, Protocol protocol, @Nullable Line line) {
        StickyConfig sticky = service.has("sticky") ? ofKey() : otherwise;
        if (protocol == Protocol.HTTP || sticky == null) {
            return sticky;
        }
        if (service.has("sticky")) {
            problems.error(service.whereKey("sticky"), NEEDS_REQUESTS, "protocol: http");
        } else if (line != null) {
            problems.warning(line.where(), "`" + line.text() + "`: has no effect: it " + NEEDS_REQUESTS);
        }
        return null;
    }

    private @Nullable StickyConfig ofKey() {
        if (service.node("sticky") instanceof Scalar scalar) {
            if (scalar.text().equals("false")) {
                return null;
            }
            String name = service.text("sticky", StickyConfig.NAMES, NAMES + ", or a map");
            return name == null ? null : StickyConfig.inserted(name);
        }
        Section sticky = service.section("sticky");
        return sticky == null ? null : ofMap(sticky);
    }

    private @Nullable StickyConfig ofMap(Section sticky) {
        sticky.allow(Keys.STICKY);
        String name = sticky.text("cookie", StickyConfig.NAMES, NAMES);
        if (!sticky.has("cookie")) {
            problems.error(sticky.where(), "has no cookie", NAMES);
        }
        Mode mode = mode(sticky);
        boolean inserts = mode == Mode.INSERT;
        boolean indirect = sticky.flag("indirect", inserts);
        boolean preserve = sticky.flag("preserve", false);
        if (indirect && mode == Mode.REWRITE) {
            problems.error(sticky.where("indirect"), "is set beside mode: rewrite", "indirect: false");
            return null;
        }
        if (preserve && !inserts && !indirect) {
            problems.error(sticky.where("preserve"), "is set beside mode: " + nameOf(mode), "mode: insert");
            return null;
        }
        List<String> domains = texts(sticky, "domains");
        List<String> attributes = texts(sticky, "attributes");
        if (name == null) {
            return null;
        }
        return StickyConfig.named(name)
                .with()
                .mode(mode)
                .naming(naming(sticky))
                .indirect(indirect)
                .noCache(sticky.flag("no_cache", inserts))
                .postOnly(sticky.flag("post_only", false))
                .preserve(preserve)
                .httpOnly(sticky.flag("http_only", false))
                .secure(sticky.flag("secure", false))
                .domains(domains)
                .attributes(attributes)
                .maxIdle(seconds(sticky, "max_idle"))
                .maxLife(seconds(sticky, "max_life"))
                .persist(sticky.flag("persist", false))
                .build();
    }

    private static Mode mode(Section sticky) {
        String name = sticky.text("mode", "insert|prefix|rewrite|passive", "insert, prefix, rewrite or passive");
        if (name == null) {
            return Mode.INSERT;
        }
        return switch (name) {
            case "prefix" -> Mode.PREFIX;
            case "rewrite" -> Mode.REWRITE;
            case "passive" -> Mode.PASSIVE;
            default -> Mode.INSERT;
        };
    }

    private static String nameOf(Mode mode) {
        return switch (mode) {
            case INSERT -> "insert";
            case PREFIX -> "prefix";
            case REWRITE -> "rewrite";
            case PASSIVE -> "passive";
        };
    }

    private static Naming naming(Section sticky) {
        String name = sticky.text("value", "name|hash", "name or hash");
        return "hash".equals(name) ? Naming.HASH : Naming.NAME;
    }

    private List<String> texts(Section sticky, String key) {
        List<String> usable = new ArrayList<>();
        for (String text : sticky.texts(key)) {
            if (text.matches(StickyConfig.ATTRIBUTES)) {
                usable.add(text);
            } else {
                problems.error(sticky.where(key), text, TEXTS);
            }
        }
        return usable;
    }

    private Duration seconds(Section sticky, String key) {
        Duration time = sticky.duration(key, Duration.ZERO);
        if (time.toMillis() % 1_000 != 0) {
            problems.error(sticky.where(key), "is not a number of seconds", "a time such as 30m");
        }
        return time;
    }
}
