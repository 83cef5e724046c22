package io.myelin.access;

import io.myelin.access.AccessCondition.Answer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules that are asked together, in order: the first that applies decides, and a client to whom none applies is let in.
 *
 * @param rules at least one
 * @param delay how long those wait who meet a rule that asks whether the delay is over; zero for not at all
 */
public record AccessRules(List<AccessRule> rules, Duration delay) {
    public AccessRules {
        rules = List.copyOf(rules);
        if (rules.isEmpty()) {
            throw new IllegalArgumentException("access rules: none (expected: at least one)");
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay: " + delay + " (expected: >= 0)");
        }
    }

    /** Returns rules without a delay, {@code null} if there are none. */
    public static @Nullable AccessRules of(List<AccessRule> rules) {
        return of(rules, Duration.ZERO);
    }

    /** Returns the rules, {@code null} if there are none. */
    public static @Nullable AccessRules of(List<AccessRule> rules, Duration delay) {
        return rules.isEmpty() ? null : new AccessRules(rules, delay);
    }

    /** What becomes of a client. */
    public enum Verdict {
        ACCEPT,
        REJECT,
        /** Ask again once the delay is over. */
        WAIT
    }

    /**
     * Says what becomes of a client.
     *
     * @param client {@code null} for one that has no IP address
     * @param waited whether the client has waited as long as it has to
     */
    public Verdict judge(@Nullable InetAddress client, boolean waited) {
        boolean delayOver = waited || delay.isZero();
        for (int i = 0; i < rules.size(); i++) {
            AccessRule rule = rules.get(i);
            Answer answer = rule.when().ask(client, delayOver);
            if (answer == Answer.NOT_YET) {
                return Verdict.WAIT;
            }
            if (answer == Answer.YES) {
                return rule.accepts() ? Verdict.ACCEPT : Verdict.REJECT;
            }
        }
        return Verdict.ACCEPT;
    }
}
