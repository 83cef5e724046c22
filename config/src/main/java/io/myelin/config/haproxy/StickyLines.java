package io.myelin.config.haproxy;

import io.myelin.config.document.Problems;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.pool.StickyConfig;
import io.myelin.pool.StickyConfig.Mode;
import io.myelin.pool.StickyConfig.Naming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code cookie} and {@code option persist} lines come to, in any order. */
@OwnedBy(Owner.BUILDER)
final class StickyLines {
    private static final String OPTIONS = "insert, prefix, rewrite, indirect, nocache, postonly, preserve, httponly,"
            + " secure, domain D, maxidle T, maxlife T, attr A or dynamic";

    boolean persist;
    private @Nullable StickyConfig cookie;

    /** The line that sets the cookie, {@code null} if it is inherited. */
    private @Nullable Line line;

    StickyLines() {}

    StickyLines(StickyLines inherited) {
        persist = inherited.persist;
        cookie = inherited.cookie;
    }

    @Nullable
    Line line() {
        return line;
    }

    /**
     * Returns what the lines come to, {@code null} if clients do not stick to members.
     *
     * @param text what the options of the servers say the cookie calls them, {@code null} if they say nothing
     */
    @Nullable
    StickyConfig config(Naming naming, @Nullable String text) {
        StickyConfig set = cookie;
        return set == null
                ? null
                : set.with()
                        .naming(naming)
                        .text(text == null ? "" : text)
                        .persist(persist)
                        .build();
    }

    /** Takes over a line {@code cookie NAME [OPTION...]}. */
    void cookie(Line newLine, Problems problems) throws MalformedLineException {
        cookie = new Reading(newLine, problems).read();
        line = newLine;
    }

    /** One reading of one line. */
    @OwnedBy(Owner.BUILDER)
    private static final class Reading {
        private final Line line;
        private final Problems problems;
        private final List<Mode> modes = new ArrayList<>();
        private final List<String> domains = new ArrayList<>();
        private final List<String> attributes = new ArrayList<>();
        private boolean indirect;
        private boolean preserve;
        private int at = 2;

        Reading(Line line, Problems problems) {
            this.line = line;
            this.problems = problems;
        }

        StickyConfig read() throws MalformedLineException {
            String name = line.word(1);
            if (!name.matches(StickyConfig.NAMES)) {
                throw new MalformedLineException(
                        name.isEmpty() ? "no name" : "`" + name + "` is not the name of a cookie", "cookie NAME");
            }
            StickyConfig.Builder builder = StickyConfig.named(name).with();
            while (at < line.words().size()) {
                option(line.word(at++), builder);
            }
            requireCompatible();
            return builder.mode(modes.isEmpty() ? Mode.PASSIVE : modes.get(0))
                    .indirect(indirect)
                    .preserve(preserve)
                    .domains(domains)
                    .attributes(attributes)
                    .build();
        }

        private void option(String word, StickyConfig.Builder builder) throws MalformedLineException {
            switch (word) {
                case "insert" -> mode(Mode.INSERT);
                case "prefix" -> mode(Mode.PREFIX);
                case "rewrite" -> mode(Mode.REWRITE);
                case "indirect" -> indirect = true;
                case "preserve" -> preserve = true;
                case "nocache" -> builder.noCache(true);
                case "postonly" -> builder.postOnly(true);
                case "httponly" -> builder.httpOnly(true);
                case "secure" -> builder.secure(true);
                case "domain" -> domains.add(argument(word));
                case "attr" -> attributes.add(argument(word));
                case "maxidle" -> builder.maxIdle(seconds(word));
                case "maxlife" -> builder.maxLife(seconds(word));
                case "dynamic" -> line.warning(problems, "dynamic has no effect: every member has a value of its own");
                default -> throw new MalformedLineException("`" + word + "` is not an option of cookie", OPTIONS);
            }
        }

        private void mode(Mode mode) {
            if (!modes.contains(mode)) {
                modes.add(mode);
            }
        }

        private String argument(String option) throws MalformedLineException {
            String word = line.word(at++);
            if (!word.matches(StickyConfig.ATTRIBUTES)) {
                throw new MalformedLineException(
                        word.isEmpty() ? option + " without a value" : option + " `" + word + "` cannot be part of it",
                        "a text without semicolons and control characters");
            }
            return word;
        }

        private Duration seconds(String option) throws MalformedLineException {
            String word = line.word(at++);
            if (word.isEmpty()) {
                throw new MalformedLineException(option + " without a time", "such as 1800, 30m or 8h");
            }
            return Quantity.seconds(word);
        }

        private void requireCompatible() throws MalformedLineException {
            if (modes.size() > 1) {
                throw new MalformedLineException("more than one mode", "one of insert, prefix and rewrite");
            }
            if (indirect && modes.contains(Mode.REWRITE)) {
                throw new MalformedLineException("rewrite and indirect exclude each other", "one of them");
            }
            if (preserve && !indirect && !modes.contains(Mode.INSERT)) {
                throw new MalformedLineException("preserve without insert or indirect", "one of them");
            }
        }
    }
}
