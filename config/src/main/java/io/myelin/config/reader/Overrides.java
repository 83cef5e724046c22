package io.myelin.config.reader;

import io.myelin.balance.BalanceConfig;
import io.myelin.balance.BalanceConfig.Policy;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Scalar;
import io.myelin.config.document.Where;
import io.myelin.http.ClientConfig;
import io.myelin.http.ClientConfig.ForwardedFor;
import io.myelin.model.Protocol;
import io.myelin.pool.UpstreamConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The typed keys of a service or frontend, each laid over what would hold without it. */
final class Overrides {
    private static final String POLICIES = "roundrobin, leastconn or random";
    private static final int MAX_RETRIES = 100;

    private final Section section;
    private final Problems problems;
    private final @Nullable Section timeouts;

    /**
     * @param section a service or a frontend
     * @param timeoutKeys which of its timeouts there are
     */
    Overrides(Section section, Keys timeoutKeys) {
        this.section = section;
        this.problems = section.problems();
        this.timeouts = section.section("timeouts");
        if (timeouts != null) {
            timeouts.allow(timeoutKeys);
        }
    }

    Protocol protocol(Protocol otherwise) {
        String name = section.text("protocol", "http|tcp", "http or tcp");
        return name == null ? otherwise : name.equals("tcp") ? Protocol.TCP : Protocol.HTTP;
    }

    BalanceConfig balance(BalanceConfig otherwise) {
        if (!section.has("balance")) {
            return otherwise;
        }
        if (section.node("balance") instanceof Scalar scalar) {
            return balance(scalar.text(), section.where("balance"), BalanceConfig.ROUND_ROBIN.draws());
        }
        Section balance = section.section("balance");
        if (balance == null) {
            return otherwise;
        }
        balance.allow(Keys.BALANCE);
        int draws = balance.number("draws", 1, 100, BalanceConfig.ROUND_ROBIN.draws());
        String policy = balance.text("policy");
        if (policy == null) {
            problems.error(balance.where(), "has no policy", POLICIES);
            return otherwise;
        }
        return balance(policy, balance.where("policy"), draws);
    }

    private BalanceConfig balance(String name, Where where, int draws) {
        return switch (name) {
            case "roundrobin" -> new BalanceConfig(Policy.ROUND_ROBIN, draws);
            case "leastconn" -> new BalanceConfig(Policy.LEAST_REQUEST, draws);
            case "random" -> new BalanceConfig(Policy.RANDOM, draws);
            default -> {
                problems.error(where, name, POLICIES);
                yield BalanceConfig.ROUND_ROBIN;
            }
        };
    }

    UpstreamConfig upstream(UpstreamConfig otherwise) {
        Section retries = section.node("retries") instanceof Scalar ? null : section.section("retries");
        int attempts = otherwise.retries();
        boolean redispatch = otherwise.redispatch();
        if (retries != null) {
            retries.allow(Keys.RETRIES);
            attempts = retries.number("attempts", 0, MAX_RETRIES, attempts);
            redispatch = retries.flag("redispatch", redispatch);
        } else if (section.node("retries") instanceof Scalar) {
            attempts = section.number("retries", 0, MAX_RETRIES, attempts);
        }
        return new UpstreamConfig(
                timeout("connect", otherwise.connectTimeout()),
                timeout("server", otherwise.serverTimeout()),
                timeout("member_keep_alive", otherwise.keepAliveTimeout()),
                otherwise.maxIdlePerLoop(),
                attempts,
                redispatch);
    }

    Duration clientTimeout(Duration otherwise) {
        return timeout("client", otherwise);
    }

    ClientConfig client(ClientConfig otherwise) {
        Section limits = section.section("limits");
        if (limits != null) {
            limits.allow(Keys.LIMITS);
        }
        return new ClientConfig(
                timeout("request", otherwise.requestTimeout()),
                timeout("keep_alive", otherwise.keepAliveTimeout()),
                limits == null
                        ? otherwise.maxRequestLineBytes()
                        : limits.size("request_line", otherwise.maxRequestLineBytes()),
                limits == null ? otherwise.maxHeadBytes() : limits.size("head", otherwise.maxHeadBytes()),
                limits == null
                        ? otherwise.maxHeaderFields()
                        : limits.number("headers", 1, 10_000, otherwise.maxHeaderFields()),
                forwardedFor(otherwise.forwardedFor()));
    }

    private ForwardedFor forwardedFor(ForwardedFor otherwise) {
        String name = section.text("forwarded_for", "append|replace|off|false", "append, replace or off");
        if (name == null) {
            return otherwise;
        }
        return switch (name) {
            case "append" -> ForwardedFor.APPEND;
            case "replace" -> ForwardedFor.REPLACE;
            default -> ForwardedFor.OFF;
        };
    }

    private Duration timeout(String key, Duration otherwise) {
        return timeouts == null ? otherwise : timeouts.duration(key, otherwise);
    }
}
