package io.myelin.config.reader;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.Line;
import io.myelin.model.ErrorReaction;
import io.myelin.model.Protocol;
import io.myelin.pool.Marking;
import io.myelin.pool.ObserveConfig;
import org.jspecify.annotations.Nullable;

/**
 * Reads how much the traffic of a service says about the health of its members, and what follows from their going down
 * or coming up: {@code observe}, {@code on_marked_down} and {@code on_marked_up}, or what its lines say.
 */
final class ObserveReader {
    private static final String LEVELS = "layer4 or layer7";
    private static final String REACTIONS = "fast_check, fail_check, sudden_death or mark_down";
    private static final String NEEDS_CHECKS = "has no effect on a service without a check";
    private static final String NEEDS_ANSWERS = "layer7 goes by answers, and the service speaks TCP";

    private final Section service;
    private final Problems problems;

    ObserveReader(Section service) {
        this.service = service;
        this.problems = service.problems();
    }

    /**
     * Returns what the key says, or {@code otherwise} without it; {@code null} if traffic says nothing.
     *
     * @param checked whether there are checks, without which nothing would bring a member back
     * @param line the line of the service's own that says {@code otherwise}, {@code null} if none does
     */
    @Nullable
    ObserveConfig read(@Nullable ObserveConfig otherwise, Protocol protocol, boolean checked, @Nullable Line line) {
        boolean own = service.has("observe");
        ObserveConfig observe = own ? ofKey() : otherwise;
        if (observe == null) {
            return null;
        }
        if (!checked) {
            if (own) {
                problems.error(service.whereKey("observe"), NEEDS_CHECKS, "check");
            } else if (line != null) {
                problems.warning(line.where(), "`" + line.text() + "`: observe " + NEEDS_CHECKS);
            }
            return null;
        }
        if (protocol == Protocol.TCP && observe.level() == Level.ANSWERS) {
            if (own) {
                problems.error(service.where("observe"), NEEDS_ANSWERS, "layer4");
            } else if (line != null) {
                problems.warning(line.where(), "`" + line.text() + "`: " + NEEDS_ANSWERS + ": layer4 is observed");
            }
            return new ObserveConfig(Level.CONNECTIONS, observe.errorLimit(), observe.reaction());
        }
        return observe;
    }

    private @Nullable ObserveConfig ofKey() {
        if (service.node("observe") instanceof Scalar scalar) {
            Level level = level(scalar.text(), service.where("observe"));
            return level == null ? null : new ObserveConfig(level);
        }
        Section observe = service.section("observe");
        if (observe == null) {
            return null;
        }
        observe.allow(Keys.OBSERVE);
        String name = observe.text("level");
        if (!observe.has("level")) {
            problems.error(observe.where(), "has no level", LEVELS);
        }
        Level level = name == null ? null : level(name, observe.where("level"));
        int limit = observe.number("error_limit", 1, Overrides.MOST, ObserveConfig.DEFAULT_LIMIT);
        String reaction = observe.text("on_error", "fast_check|fail_check|sudden_death|mark_down", REACTIONS);
        return level == null ? null : new ObserveConfig(level, limit, reaction(reaction));
    }

    private @Nullable Level level(String name, Where where) {
        return switch (name) {
            case "layer4" -> Level.CONNECTIONS;
            case "layer7" -> Level.ANSWERS;
            default -> {
                problems.error(where, name, LEVELS);
                yield null;
            }
        };
    }

    private static ErrorReaction reaction(@Nullable String name) {
        for (ErrorReaction reaction : ErrorReaction.values()) {
            if (reaction.label().equals(name)) {
                return reaction;
            }
        }
        return ErrorReaction.FAIL_CHECK;
    }

    /** Returns what becomes of the work in progress when members go down or come up. */
    Marking marking(Marking otherwise) {
        String down = service.text("on_marked_down", "shutdown_sessions|nothing", "shutdown_sessions or nothing");
        String up =
                service.text("on_marked_up", "shutdown_backup_sessions|nothing", "shutdown_backup_sessions or nothing");
        return new Marking(
                down == null ? otherwise.endsSessions() : down.equals("shutdown_sessions"),
                up == null ? otherwise.endsBackupSessions() : up.equals("shutdown_backup_sessions"));
    }
}
