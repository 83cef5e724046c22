package io.myelin.tls;

import io.myelin.model.Clock;
import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The contexts of connections to members, read when they are first wanted and again when their files change; a
 * connection that waits unused is then not used again.
 *
 * <p>Files are read by one executor only, the control thread; everything else may be called by any thread.
 */
public final class MemberContexts implements AutoCloseable {
    /** How many times it was refreshed, about every second, since anybody wanted a context that is then forgotten. */
    private static final int FORGOTTEN_AFTER = 600;

    private static final Logger log = LoggerFactory.getLogger(MemberContexts.class);

    private final Executor control;
    private final Clock clock;
    private final Map<MemberTls, Entry> entries = new ConcurrentHashMap<>();
    private final Map<String, Set<MemberTls>> wanted = new ConcurrentHashMap<>();
    private final ExpiryWarnings shownWarnings = new ExpiryWarnings("use");
    private final ExpiryWarnings trustedWarnings = new ExpiryWarnings("use");
    private volatile boolean closed;

    /**
     * Creates it without any context.
     *
     * @param clock tells which certificates are about to expire
     */
    public MemberContexts(Executor control, Clock clock) {
        this.control = control;
        this.clock = clock;
    }

    /**
     * Reads the files that {@code tls} names, and returns what has expired: what members are shown, and those who vouch
     * for them if there is nobody else.
     *
     * @throws MalformedPemException if they cannot be used, with a message for people
     */
    public static List<CertificateStatus> expired(MemberTls tls, Clock clock) throws MalformedPemException {
        MemberFiles files = MemberFiles.read(tls);
        files.give(SslContextBuilder.forClient());
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        List<CertificateStatus> expired = new ArrayList<>();
        CertificateStatus shown = files.shown();
        if (shown != null && shown.notAfter().isBefore(now)) {
            expired.add(shown);
        }
        if (files.trusted().stream().allMatch(each -> each.notAfter().isBefore(now))) {
            expired.addAll(files.trusted());
        }
        return expired;
    }

    /** Returns the context if it is known without waiting, {@code null} if {@link #resolve} has to be asked. */
    public @Nullable MemberContext known(MemberTls tls) {
        Entry entry = entries.get(tls);
        if (entry == null) {
            return null;
        }
        entry.used = true;
        return entry.context;
    }

    /** Reads the context unless it is known, and calls back on {@code executor}; it may be one that is broken. */
    public void resolve(MemberTls tls, Executor executor, Consumer<MemberContext> callback) {
        control.execute(() -> {
            MemberContext context = entries.computeIfAbsent(tls, Entry::new).context;
            if (closed) {
                context.retire();
            }
            executor.execute(() -> callback.accept(context));
        });
    }

    /**
     * Reads what {@code pool} speaks with its members, and keeps it up to date whether or not anybody connects. Control
     * thread.
     *
     * @param settings in the place of those that were said of the pool before; none for nothing
     */
    public void use(String pool, Set<MemberTls> settings) {
        if (closed || settings.isEmpty()) {
            wanted.remove(pool);
        } else if (!settings.equals(wanted.put(pool, Set.copyOf(settings)))) {
            settings.forEach(each -> entries.computeIfAbsent(each, Entry::new));
        }
    }

    /** Takes up files that have changed; to be called about every second. Control thread. */
    public void refresh() {
        entries.values().removeIf(entry -> {
            boolean forgotten = entry.rested() && wanted.values().stream().noneMatch(each -> each.contains(entry.tls));
            if (forgotten) {
                entry.context.retire();
            } else {
                entry.refresh();
            }
            return forgotten;
        });
        if (closed) {
            // What was read while it was being closed is nobody's.
            entries.values().forEach(entry -> entry.context.retire());
        }
        Instant now = Instant.ofEpochMilli(clock.wallMillis());
        shownWarnings.warn("shown to members", certificates(MemberTlsStatus::shownOnes), now);
        trustedWarnings.warn("trusted for members", certificates(MemberTlsStatus::trusted), now);
    }

    private List<CertificateStatus> certificates(Function<MemberTlsStatus, List<CertificateStatus>> some) {
        return status().stream().flatMap(status -> some.apply(status).stream()).toList();
    }

    /** Returns how everything stands that was ever asked for and not forgotten; any thread. */
    public List<MemberTlsStatus> status() {
        return entries.values().stream().map(Entry::status).toList();
    }

    /** Returns how {@code tls} stands, {@code null} if it was not asked for; any thread. */
    public @Nullable MemberTlsStatus status(MemberTls tls) {
        Entry entry = entries.get(tls);
        return entry == null ? null : entry.status();
    }

    /** Lets go of everything. */
    @Override
    public void close() {
        closed = true;
        entries.values().forEach(entry -> entry.context.retire());
    }

    /** One context and the state of its files when it was read. */
    @OwnedBy(Owner.CONTROL)
    private static final class Entry {
        private final MemberTls tls;
        private volatile MemberContext context;
        private volatile boolean used = true;
        private volatile @Nullable String error;
        private List<String> stamps;
        private int rests;

        Entry(MemberTls tls) {
            this.tls = tls;
            this.stamps = stamps(tls);
            this.context = MemberContext.of(tls);
            if (!context.broken().isEmpty()) {
                error = context.broken();
                log.error("Connections to members cannot be encrypted: error={}", context.broken());
            }
        }

        boolean rested() {
            rests = used ? 0 : rests + 1;
            used = false;
            return rests > FORGOTTEN_AFTER;
        }

        void refresh() {
            List<String> now = stamps(tls);
            if (now.equals(stamps)) {
                return;
            }
            stamps = now;
            MemberContext before = context;
            MemberContext next = MemberContext.of(tls);
            if (next.broken().isEmpty()) {
                context = next;
                error = null;
                before.retire();
                log.info("TLS to members changed: authorities={} certificate={}", tls.authorities(), tls.certificate());
            } else {
                error = next.broken();
                log.error("TLS to members not changed, what was read before goes on: error={}", next.broken());
            }
        }

        MemberTlsStatus status() {
            MemberFiles files = context.files();
            return new MemberTlsStatus(tls, files.shown(), files.trusted(), files.revocations(), error);
        }

        /** Returns something that is equal for as long as the files are the same. */
        private static List<String> stamps(MemberTls tls) {
            String certificate = tls.certificate();
            String beside = certificate == null ? null : certificate + ".key";
            return List.of(
                    stamp(tls.authorities()),
                    stamp(tls.revocations()),
                    stamp(certificate),
                    stamp(beside),
                    stamp(tls.key()));
        }

        private static String stamp(@Nullable String file) {
            if (file == null) {
                return "";
            }
            try {
                Path path = Path.of(file);
                return stamp(path) + (Files.isDirectory(path) ? stampsIn(path) : "");
            } catch (IOException | InvalidPathException e) {
                return e.getClass().getSimpleName();
            }
        }

        private static String stamp(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        }

        private static String stampsIn(Path directory) throws IOException {
            StringBuilder stamps = new StringBuilder();
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.sorted().toList()) {
                    stamps.append(' ').append(file.getFileName()).append(' ').append(stamp(file));
                }
            }
            return stamps.toString();
        }
    }
}
