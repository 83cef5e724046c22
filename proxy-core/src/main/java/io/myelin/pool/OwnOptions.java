package io.myelin.pool;

import io.myelin.balance.ErrorWatch.Level;
import io.myelin.model.ErrorReaction;
import io.myelin.model.MemberTls;
import io.myelin.model.MemberTlsWords;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the options of one endpoint, in the words of HAProxy's server lines, say in the place of what its pool says of
 * all. The last word on each matter counts; what is badly written counts as not written.
 */
final class OwnOptions {
    private OwnOptions() {}

    /** Returns how much traffic says about the endpoint, {@code null} for nothing. */
    static @Nullable ObserveConfig observe(String options, @Nullable ObserveConfig ofPool) {
        List<String> words = words(options);
        if (words.isEmpty()) {
            return ofPool;
        }
        Level level = level(after("observe", words), ofPool == null ? null : ofPool.level());
        if (level == null) {
            return null;
        }
        int limit = ofPool == null ? ObserveConfig.DEFAULT_LIMIT : ofPool.errorLimit();
        ErrorReaction reaction = ofPool == null ? ErrorReaction.FAIL_CHECK : ofPool.reaction();
        return new ObserveConfig(
                level, limit(after("error-limit", words), limit), reaction(after("on-error", words), reaction));
    }

    /** Returns what becomes of the work in progress when the endpoint goes down or comes up. */
    static Marking marking(String options, Marking ofPool) {
        List<String> words = words(options);
        return words.isEmpty()
                ? ofPool
                : new Marking(
                        ofPool.endsSessions() || after("on-marked-down", words).equals("shutdown-sessions"),
                        ofPool.grace(),
                        ofPool.endsBackupSessions()
                                || after("on-marked-up", words).equals("shutdown-backup-sessions"));
    }

    /**
     * Returns how connections to the endpoint are encrypted, {@code null} if they are not.
     *
     * @param encryption what {@code ofPool} comes to for those whose options say nothing
     */
    static @Nullable MemberTls tls(String options, MemberTls ofPool, @Nullable MemberTls encryption) {
        if (options.isBlank()) {
            return encryption;
        }
        MemberTls own = MemberTlsWords.over(ofPool, options);
        return own.equals(ofPool) ? encryption : own.ofTraffic();
    }

    private static List<String> words(String options) {
        boolean relevant = options.contains("on-") || options.contains("observe") || options.contains("error-limit");
        return relevant ? List.of(options.strip().split("\\s+", -1)) : List.of();
    }

    private static String after(String option, List<String> words) {
        int at = words.subList(0, words.size() - 1).lastIndexOf(option);
        return at < 0 ? "" : words.get(at + 1);
    }

    private static @Nullable Level level(String word, @Nullable Level otherwise) {
        return switch (word) {
            case "layer4" -> Level.CONNECTIONS;
            case "layer7" -> Level.ANSWERS;
            case "none" -> null;
            default -> otherwise;
        };
    }

    private static int limit(String word, int otherwise) {
        return word.matches("0*[1-9]\\d{0,8}") ? Integer.parseInt(word) : otherwise;
    }

    private static ErrorReaction reaction(String word, ErrorReaction otherwise) {
        return switch (word) {
            case "fastinter" -> ErrorReaction.FAST_CHECK;
            case "fail-check" -> ErrorReaction.FAIL_CHECK;
            case "sudden-death" -> ErrorReaction.SUDDEN_DEATH;
            case "mark-down" -> ErrorReaction.MARK_DOWN;
            default -> otherwise;
        };
    }
}
