package io.myelin.config.reader;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.haproxy.BindLine;
import io.myelin.config.haproxy.GlobalLines;
import io.myelin.config.haproxy.GlobalLogs;
import io.myelin.config.haproxy.Line;
import io.myelin.config.haproxy.ProxySection;
import io.myelin.model.RandomSource;
import io.myelin.pool.Lineup;
import io.myelin.pool.Lineup.Order;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The top-level {@code haproxy} section: what all services with a {@code haproxy} section of their own begin with.
 *
 * @param defaults what the lines under {@code defaults} say
 * @param bindHost where a service listens that says nothing else
 * @param useNerveWeights whether weights stated by the registry count
 * @param lineup how the members of a service that says nothing else are put in order
 * @param maxConnections how many clients there may be at all listeners together, 0 for any number
 * @param logs what {@code log global} means
 * @param sharedFrontend the section's own lines of the shared frontend, {@code null} without such a frontend
 */
record HaproxyTop(
        ProxySection defaults,
        String bindHost,
        boolean useNerveWeights,
        Lineup lineup,
        int maxConnections,
        GlobalLogs logs,
        @Nullable List<Line> sharedFrontend) {
    private static final String DEFAULT_HOST = "localhost";

    /** Keys about the HAProxy process, which there is none of. */
    private static final Set<String> OF_THE_PROCESS = Set.of(
            "do_writes",
            "do_reloads",
            "do_checks",
            "config_file_path",
            "candidate_config_file_path",
            "check_command",
            "reload_command",
            "restart_interval",
            "restart_jitter");

    /**
     * What the order of members depends on unless the file says so: another number in each process, as with Synapse.
     */
    private static final int SEED_OF_PROCESS = RandomSource.SYSTEM.below(2_000);

    static HaproxyTop absent() {
        Lineup lineup = new Lineup(Order.SHUFFLED, SEED_OF_PROCESS, Lineup.DEFAULT_MAX_NUMBER);
        return new HaproxyTop(new ProxySection(), DEFAULT_HOST, false, lineup, 0, GlobalLogs.NONE, null);
    }

    static HaproxyTop read(@Nullable Section section) {
        if (section == null) {
            return absent();
        }
        section.allowAsSynapseDoes(Keys.HAPROXY);
        reportWithoutEffect(section);
        GlobalLines global = GlobalLines.of(section.lines("global"), section.problems());
        if (!global.withoutEffect().isEmpty()) {
            section.problems()
                    .warning(
                            section.whereKey("global"),
                            "settings of the HAProxy process, which have no effect: "
                                    + String.join(", ", global.withoutEffect()));
        }
        ProxySection defaults = new ProxySection();
        defaults.tune(global);
        section.lines("defaults").forEach(line -> defaults.apply(line, section.problems()));
        return new HaproxyTop(
                defaults,
                bindHost(section, DEFAULT_HOST),
                section.flag("use_nerve_weights", false),
                lineup(section),
                global.maxConnections(),
                GlobalLogs.read(section.lines("global"), section.problems()),
                section.has("shared_frontend") ? section.lines("shared_frontend") : null);
    }

    private static Lineup lineup(Section section) {
        String seed = section.text("server_order_seed", "-?\\d{1,9}", "a number");
        return new Lineup(
                Order.SHUFFLED,
                seed == null ? SEED_OF_PROCESS : Integer.parseInt(seed),
                section.number("max_server_id", 0, Integer.MAX_VALUE, Lineup.DEFAULT_MAX_NUMBER));
    }

    /** Returns the host of {@code bind_address}. */
    static String bindHost(Section section, String otherwise) {
        String text = section.text("bind_address");
        if (text == null) {
            return otherwise;
        }
        String host = BindLine.host(text);
        if (host == null) {
            section.problems().error(section.where("bind_address"), text, "an IP address, a host name or *");
            return otherwise;
        }
        return host;
    }

    private static void reportWithoutEffect(Section section) {
        Problems problems = section.problems();
        List<Entry> ofTheProcess = section.entries().stream()
                .filter(entry -> OF_THE_PROCESS.contains(entry.name()))
                .toList();
        if (!ofTheProcess.isEmpty()) {
            String names =
                    String.join(", ", ofTheProcess.stream().map(Entry::name).toList());
            problems.warning(
                    section.whereKey(ofTheProcess.get(0).name()),
                    "there is no HAProxy process to write for, reload or talk to: no effect of " + names);
        }
    }
}
