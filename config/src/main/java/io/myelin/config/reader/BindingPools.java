package io.myelin.config.reader;

import io.myelin.config.reader.ListenerDraft.Bind;
import io.myelin.health.lifecycle.LifecycleConfig;
import io.myelin.health.lifecycle.LifecycleConfig.Demotion;
import io.myelin.http.ClientConfig;
import io.myelin.http.HttpRules;
import io.myelin.log.AccessConfig;
import io.myelin.model.Endpoint;
import io.myelin.model.MemberTls;
import io.myelin.pool.Admission;
import io.myelin.pool.Marking;
import io.myelin.pool.MembershipRules;
import io.myelin.pool.PoolConfig;
import io.myelin.pool.UpstreamConfig;
import io.myelin.server.BindAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a pool and a listener of each binding. */
final class BindingPools {
    private static final String LOCALHOST = "localhost";

    private BindingPools() {}

    /** Returns which endpoints the pool of a binding has: the replicas that run, and no others. */
    static MembershipRules membership(List<Endpoint> fixed) {
        return new MembershipRules(fixed, false, false, null, 1, false, false);
    }

    /**
     * Returns the pools of a service's bindings.
     *
     * @param template whose settings they have
     * @param listenHost where the listeners are that do not say it
     * @param clientTimeout how long a client may stay silent, zero for no limit
     */
    static List<ServiceDraft> of(
            Replicated service,
            PoolConfig template,
            String listenHost,
            Duration clientTimeout,
            @Nullable AccessConfig accessLog) {
        return service.bindings().stream()
                .filter(binding -> !service.external() || binding.binding().port() != null)
                .map(binding -> draft(service, binding, template, listenHost, clientTimeout, accessLog))
                .toList();
    }

    private static ServiceDraft draft(
            Replicated service,
            BindingDraft binding,
            PoolConfig template,
            String listenHost,
            Duration clientTimeout,
            @Nullable AccessConfig accessLog) {
        String name = binding.binding().pool();
        PoolConfig pool = template.with()
                .name(name)
                .membership(membership(service.external() ? List.of(fixed(binding)) : List.of()))
                .upstream(upstream(service, binding, template.upstream()))
                .marking(marking(service.config().lifecycle(), template.marking()))
                .admission(
                        service.external()
                                ? Admission.DEFAULT
                                : template.admission().proven())
                .build();
        return new ServiceDraft(
                name,
                name,
                binding.where().of(service.config().name()),
                FixedDiscovery.CONFIG,
                pool,
                null,
                null,
                service.external() ? null : listener(binding, listenHost, clientTimeout, accessLog),
                List.of(),
                List.of(),
                List.of(),
                HttpRules.NONE,
                null,
                null);
    }

    /**
     * An ingress that leads to those who speak TLS themselves speaks it with them, while their own listener passes on
     * what clients have encrypted. Replicas of this host need not prove who they are, others do.
     */
    private static UpstreamConfig upstream(Replicated service, BindingDraft binding, UpstreamConfig otherwise) {
        if (!binding.binding().spoken().equals("https") || otherwise.tls().enabled()) {
            return otherwise;
        }
        MemberTls tls = MemberTls.VERIFIED
                .with()
                .verify(service.external())
                .requestsOnly(true)
                .build();
        return otherwise.with().tls(tls).build();
    }

    /** Returns what becomes of connections to an instance that is ready no more. */
    static Marking marking(LifecycleConfig lifecycle, Marking otherwise) {
        Duration grace = lifecycle.demotion() == Demotion.CUT ? Duration.ZERO : lifecycle.drainLimit();
        return new Marking(true, grace, otherwise.endsBackupSessions());
    }

    private static Endpoint fixed(BindingDraft binding) {
        String host = binding.listenHost().isEmpty() ? LOCALHOST : binding.listenHost();
        Integer port = binding.binding().port();
        return Endpoint.of("", ListenHost.isHere(host) ? ListenHost.LOOPBACK : host, port == null ? 1 : port);
    }

    private static ListenerDraft listener(
            BindingDraft binding, String listenHost, Duration clientTimeout, @Nullable AccessConfig accessLog) {
        Integer port = binding.binding().port();
        BindAddress address = new BindAddress(ListenHost.of(binding.listenHost(), listenHost), port == null ? 0 : port);
        return new ListenerDraft(
                binding.binding().pool(),
                binding.where(),
                List.of(new Bind(address.with(address.options().withTls(binding.tls())), binding.where())),
                binding.listened(),
                List.of(),
                binding.binding().pool(),
                clientTimeout,
                ClientConfig.DEFAULT,
                Intake.DEFAULT,
                0,
                HttpRules.NONE,
                accessLog);
    }
}
