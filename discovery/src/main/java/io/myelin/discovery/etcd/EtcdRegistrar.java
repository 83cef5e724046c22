package io.myelin.discovery.etcd;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.myelin.discovery.announce.Registrar;
import io.myelin.discovery.announce.Registration;
import io.myelin.discovery.announce.RegistrationObserver;
import io.myelin.discovery.announce.ReporterConfig;
import io.myelin.model.Endpoint;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Announces in etcd, all over one thread, which begins with the first registration. */
public final class EtcdRegistrar implements Registrar {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable Shared shared;

    /** What all registrations use. */
    private record Shared(ScheduledThreadPoolExecutor thread, HttpClient http) {
        static Shared open() {
            ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
                Thread etcd = new Thread(task, "etcd");
                etcd.setDaemon(true);
                return etcd;
            });
            thread.setRemoveOnCancelPolicy(true);
            thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
            HttpClient http = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .executor(thread)
                    .build();
            return new Shared(thread, http);
        }
    }

    /** Called by the service loader. */
    public EtcdRegistrar() {}

    @Override
    public boolean supports(ReporterConfig config) {
        return config instanceof EtcdReporterConfig;
    }

    @Override
    public Registration register(ReporterConfig config, Endpoint endpoint, RegistrationObserver observer) {
        EtcdReporterConfig etcd = (EtcdReporterConfig) config;
        Shared used = shared();
        return new EtcdRegistration(etcd, new EtcdClient(used.http(), etcd.hosts()), used.thread(), endpoint, observer);
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (shared != null) {
                shared.thread().shutdown();
                shared = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private Shared shared() {
        lock.lock();
        try {
            Shared open = shared == null ? Shared.open() : shared;
            shared = open;
            return open;
        } finally {
            lock.unlock();
        }
    }
}
