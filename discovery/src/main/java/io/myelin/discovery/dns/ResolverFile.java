package io.myelin.discovery.dns;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system's name servers and search list, as {@code /etc/resolv.conf} has them; read again every few seconds. */
@OwnedBy(Owner.REGISTRY)
final class ResolverFile {
    /*
     * resolv.conf(5): up to three lines "nameserver ADDRESS"; the last of "domain NAME" and "search NAME..."; "options
     * ndots:N". A name with fewer than N dots is tried under each domain of the list first, then as it is; another name
     * is tried as it is first. A name that ends in a dot is complete. Without a name server the one of this host is asked.
     */
    private static final Logger log = LoggerFactory.getLogger(ResolverFile.class);
    private static final Duration FRESH = Duration.ofSeconds(5);
    private static final int MAX_NDOTS = 15;

    private final Path file;
    private final int port;
    private final Clock clock;
    private Content content;
    private long readNanos;
    private boolean read;

    /**
     * Creates a file that is not read yet.
     *
     * @param port where all name servers listen, which the format has no words for
     */
    ResolverFile(Path file, int port, Clock clock) {
        this.file = file;
        this.port = port;
        this.clock = clock;
        this.content = parse(List.of(), port);
    }

    /** What the file says. */
    record Content(List<InetSocketAddress> servers, List<String> search, int ndots) {
        static final Content EMPTY =
                new Content(List.of(new InetSocketAddress(NetUtil.LOCALHOST4, Nameserver.DEFAULT_PORT)), List.of(), 1);

        /** Returns the names that {@code name} may stand for, in the order to try. */
        List<String> candidates(String name) {
            if (name.endsWith(".")) {
                return List.of(ResponseReader.withoutRoot(name));
            }
            List<String> candidates = new ArrayList<>();
            search.forEach(domain -> candidates.add(name + "." + domain));
            boolean complete = name.chars().filter(letter -> letter == '.').count() >= ndots;
            candidates.add(complete ? 0 : candidates.size(), name);
            return candidates;
        }
    }

    /** Returns what the file says now, or said when it could last be read. */
    Content content() {
        if (!read || clock.nanoTime() - readNanos > FRESH.toNanos()) {
            read = true;
            readNanos = clock.nanoTime();
            try {
                content = parse(Files.readAllLines(file), port);
            } catch (IOException e) {
                log.debug("The system's list of name servers cannot be read: file={}", file, e);
            }
        }
        return content;
    }

    static Content parse(List<String> lines, int port) {
        List<InetSocketAddress> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : lines) {
            List<String> words = List.of(line.replaceAll("[#;].*", "").strip().split("\\s+"));
            List<String> values = words.subList(1, words.size());
            switch (words.get(0)) {
                case "nameserver" -> values.forEach(address -> addServer(address, port, servers));
                case "search", "domain" ->
                    search = values.stream()
                            .map(ResponseReader::withoutRoot)
                            .filter(domain -> !domain.isEmpty())
                            .toList();
                case "options" -> ndots = ndots(values, ndots);
                default -> {
                    // Comments, and settings that only the C library has.
                }
            }
        }
        if (servers.isEmpty()) {
            servers.add(new InetSocketAddress(NetUtil.LOCALHOST4, port));
        }
        return new Content(servers, search, ndots);
    }

    private static void addServer(String address, int port, List<InetSocketAddress> servers) {
        if (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address)) {
            servers.add(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), port));
        }
    }

    private static int ndots(List<String> options, int otherwise) {
        for (String option : options) {
            if (option.matches("ndots:\\d{1,4}")) {
                return Math.min(MAX_NDOTS, Integer.parseInt(option.substring(option.indexOf(':') + 1)));
            }
        }
        return otherwise;
    }
}
