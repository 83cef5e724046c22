package io.myelin.discovery.dns;

import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** Answers questions, each with as many queries as it takes; lives on the registry's loop. */
@OwnedBy(Owner.REGISTRY)
final class Lookups {
    static final List<DnsRecordType> FAMILIES = List.of(DnsRecordType.A, DnsRecordType.AAAA);

    private static final int MAX_ALIASES = 8;

    private final DnsClient client;
    private final ResolverFile system;

    Lookups(DnsClient client, ResolverFile system) {
        this.client = client;
        this.system = system;
    }

    /** Answers {@code question}; fails with a {@link DnsFailureException} if nothing at all is learnt. */
    CompletableFuture<Answer> lookUp(Question question) {
        String host = question.host();
        if (host.equalsIgnoreCase("localhost")) {
            // Names of the loopback address are not for name servers (RFC 6761, section 6.3).
            return CompletableFuture.completedFuture(Answer.literal(NetUtil.LOCALHOST4.getHostAddress()));
        }
        if (literal(host)) {
            return CompletableFuture.completedFuture(Answer.literal(host));
        }
        List<String> names = question.nameservers().isEmpty()
                ? system.content().candidates(host)
                : List.of(ResponseReader.withoutRoot(host));
        return servers(question.nameservers()).thenCompose(servers -> firstOf(names, question.kind(), servers));
    }

    /** Returns the cause without what {@link CompletableFuture} wraps around it. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean literal(String host) {
        return host.startsWith("/") || NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
    }

    private CompletableFuture<List<InetSocketAddress>> servers(List<Nameserver> nameservers) {
        if (nameservers.isEmpty()) {
            return CompletableFuture.completedFuture(system.content().servers());
        }
        List<CompletableFuture<List<InetSocketAddress>>> each =
                nameservers.stream().map(this::addresses).toList();
        return CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)).thenCompose(all -> {
            List<InetSocketAddress> found =
                    each.stream().flatMap(one -> one.join().stream()).toList();
            return found.isEmpty()
                    ? CompletableFuture.failedFuture(
                            new DnsFailureException("nameserver: " + nameservers + " (expected: the name of a host)"))
                    : CompletableFuture.completedFuture(found);
        });
    }

    /** Returns the addresses of a name server, none if its own name cannot be resolved. */
    private CompletableFuture<List<InetSocketAddress>> addresses(Nameserver nameserver) {
        return lookUp(new Question(nameserver.host(), RecordKind.ADDRESS, List.of()))
                .handle((answer, failure) -> failure != null
                        ? List.of()
                        : answer.targets().stream()
                                .map(target -> new InetSocketAddress(
                                        NetUtil.createInetAddressFromIpAddressString(target.address()),
                                        nameserver.port()))
                                .toList());
    }

    /** Returns the answer about the first of {@code names} that has something, or about the last. */
    private CompletableFuture<Answer> firstOf(List<String> names, RecordKind kind, List<InetSocketAddress> servers) {
        CompletableFuture<Answer> first = named(names.get(0), kind, servers);
        return names.size() == 1
                ? first
                : first.thenCompose(answer -> answer.targets().isEmpty() && !answer.incomplete()
                        ? firstOf(names.subList(1, names.size()), kind, servers)
                                .thenApply(next -> next.targets().isEmpty() ? next.until(answer.ttlSeconds()) : next)
                        : CompletableFuture.completedFuture(answer));
    }

    private CompletableFuture<Answer> named(String name, RecordKind kind, List<InetSocketAddress> servers) {
        return switch (kind) {
            case ADDRESS -> hosts(List.of(ServiceRecord.plain(name)), FAMILIES, servers, Reply.UNSTATED);
            case A -> hosts(List.of(ServiceRecord.plain(name)), FAMILIES.subList(0, 1), servers, Reply.UNSTATED);
            case AAAA -> hosts(List.of(ServiceRecord.plain(name)), FAMILIES.subList(1, 2), servers, Reply.UNSTATED);
            case SRV ->
                through(name, DnsRecordType.SRV, servers, MAX_ALIASES)
                        .thenCompose(reply -> hosts(reply.services(), FAMILIES, servers, reply.ttlSeconds()));
        };
    }

    private CompletableFuture<Answer> hosts(
            List<ServiceRecord> services,
            List<DnsRecordType> families,
            List<InetSocketAddress> servers,
            long ttlSeconds) {
        Map<Part, CompletableFuture<Reply>> parts = new LinkedHashMap<>();
        services.stream().map(ServiceRecord::host).distinct().forEach(host -> {
            if (literal(host)) {
                Reply itself = new Reply(List.of(host), List.of(), null, Reply.UNSTATED);
                parts.put(new Part(host, FAMILIES.get(0)), CompletableFuture.completedFuture(itself));
            } else {
                families.forEach(
                        family -> parts.put(new Part(host, family), through(host, family, servers, MAX_ALIASES)));
            }
        });
        Stream<CompletableFuture<Boolean>> ended =
                parts.values().stream().map(part -> part.handle((reply, failure) -> true));
        return CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new))
                .thenApply(all -> answer(services, parts, ttlSeconds));
    }

    private static Answer answer(
            List<ServiceRecord> services, Map<Part, CompletableFuture<Reply>> parts, long ttlSeconds) {
        Map<Part, List<String>> addresses = new LinkedHashMap<>();
        Map<Part, String> failures = new LinkedHashMap<>();
        Map<String, Long> found = new HashMap<>();
        Map<String, Long> missing = new HashMap<>();
        parts.forEach((part, asked) -> asked.whenComplete((reply, failure) -> {
            if (failure == null) {
                addresses.put(part, reply.addresses());
                (reply.empty() ? missing : found).merge(part.host(), reply.ttlSeconds(), Math::min);
            } else {
                failures.put(part, String.valueOf(unwrapped(failure).getMessage()));
            }
        }));
        // That a host has no address of one family matters only while it has none of the other.
        missing.forEach(found::putIfAbsent);
        long least = found.values().stream().mapToLong(Long::longValue).min().orElse(Reply.UNSTATED);
        return new Answer(services, addresses, failures, Math.min(ttlSeconds, least));
    }

    /** Asks about {@code name}, and about what it is an alias of as far as the answer does not tell. */
    private CompletableFuture<Reply> through(
            String name, DnsRecordType type, List<InetSocketAddress> servers, int aliases) {
        return client.ask(name, type, servers).thenCompose(reply -> {
            String alias = reply.alias();
            if (alias == null) {
                return CompletableFuture.completedFuture(reply);
            }
            return aliases == 0
                    ? CompletableFuture.failedFuture(new DnsFailureException("aliases of " + name + " lead nowhere"))
                    : through(alias, type, servers, aliases - 1)
                            .thenApply(further -> further.until(reply.ttlSeconds()));
        });
    }
}
