package io.myelin.config.reader;

import io.myelin.access.AccessCondition;
import io.myelin.access.AccessRule;
import io.myelin.access.AccessRules;
import io.myelin.access.AddressRange;
import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.reader.Section.Item;
import io.myelin.net.EntranceConfig;
import io.myelin.server.BindOptions;
import io.myelin.unix.SocketFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the native keys of a service or frontend that say how it takes up connections. */
final class AccessReader {
    private static final String FORMS = "accept or reject with any, an address, a range, or a list of them";
    private static final String RANGES = "any, an address such as 10.0.0.1, or a range such as 10.0.0.0/8";
    private static final String MODES = "an octal number, such as 660";

    private final Section section;
    private final Problems problems;

    AccessReader(Section section) {
        this.section = section;
        this.problems = section.problems();
    }

    /**
     * Returns how connections are taken up.
     *
     * @param tcpKeepAlive whether the kernel probes silent connections of clients
     */
    Intake intake(Intake otherwise, boolean tcpKeepAlive) {
        EntranceConfig entrance = otherwise.entrance();
        AccessRules session = section.has("access") ? AccessRules.of(rules()) : entrance.onSession();
        Section timeouts = section.node("timeouts") == null ? null : section.section("timeouts");
        Duration request = timeouts == null ? null : timeouts.duration("request");
        Duration limit = request == null || request.isZero() ? entrance.headerTimeout() : request;
        return new Intake(
                new EntranceConfig(entrance.onConnection(), session, limit),
                section.has("delay") ? delay() : otherwise.access(),
                tcpKeepAlive);
    }

    private @Nullable AccessRules delay() {
        Duration delay = section.duration("delay", Duration.ZERO);
        return delay.isZero()
                ? null
                : new AccessRules(List.of(new AccessRule(true, AccessCondition.afterDelay())), delay);
    }

    private List<AccessRule> rules() {
        List<AccessRule> rules = new ArrayList<>();
        for (Item item : section.items("access")) {
            Section rule = Section.of(item.node(), item.where(), problems);
            if (rule == null) {
                continue;
            }
            rule.allow(Keys.ACCESS);
            if (rule.has("accept") == rule.has("reject")) {
                problems.error(rule.where(), "does not say one of the two", FORMS);
            } else {
                String key = rule.has("accept") ? "accept" : "reject";
                rules.add(new AccessRule(key.equals("accept"), condition(rule, key)));
            }
        }
        return rules;
    }

    private AccessCondition condition(Section rule, String key) {
        List<String> texts = rule.texts(key);
        if (texts.contains("any")) {
            return AccessCondition.ALWAYS;
        }
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts) {
            AddressRange range = AddressRange.parse(text);
            if (range == null) {
                problems.error(rule.where(key), text, RANGES);
            } else {
                ranges.add(range);
            }
        }
        return AccessCondition.from(ranges);
    }

    /** Returns how the listener listens at its addresses. */
    BindOptions bindOptions(BindOptions otherwise) {
        BindOptions options = otherwise
                .withAcceptProxy(section.flag("accept_proxy", otherwise.acceptProxy()))
                .withTls(TlsReader.read(section, otherwise.tls()));
        Section socket = section.section("socket");
        if (socket == null) {
            return options;
        }
        socket.allow(Keys.SOCKET);
        String text = socket.text("mode");
        Integer mode = text == null ? null : BindLine.mode(text);
        if (text != null && mode == null) {
            problems.error(socket.where("mode"), text, MODES);
        }
        return options.withFile(new SocketFile.Access(mode, socket.text("user"), socket.text("group")));
    }
}
