package io.myelin.tls;

import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listener needs to speak TLS, read again when its files change. Connections keep what they began with, and
 * clients their sessions, unless what is asked of them has changed.
 *
 * <p>Read by event loops, refreshed by the control thread.
 */
@OwnedBy(Owner.CONTROL)
public final class TlsIdentity {
    private static final Logger log = LoggerFactory.getLogger(TlsIdentity.class);

    private final TlsConfig config;
    private final Clock clock;
    private final TicketKeys tickets;
    private final ExpiryWarnings warnings;
    private final Set<String> told = new HashSet<>();
    private volatile TlsContexts contexts;
    private volatile @Nullable String error;
    private Map<Path, PemFile> inForce = Map.of();
    private FileStamps stamps;

    private TlsIdentity(TlsConfig config, Clock clock) throws MalformedPemException {
        this.config = config;
        this.clock = clock;
        this.tickets = new TicketKeys(config.sessions().lifetime().toMillis(), clock.wallMillis());
        this.warnings = new ExpiryWarnings();
        this.stamps = FileStamps.of(config);
        List<ShownCertificate> shown = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            for (Path file : located(files)) {
                shown.add(shown(files, read(files, file)));
            }
        }
        this.contexts = contextsOf(shown);
    }

    /**
     * Reads what {@code config} names.
     *
     * @param clock tells which certificates have expired and when sessions get new keys
     * @throws MalformedPemException if it cannot be used, with a message for people
     */
    public static TlsIdentity of(TlsConfig config, Clock clock) throws MalformedPemException {
        return new TlsIdentity(config, clock);
    }

    /** The same by the system's clock. */
    public static TlsIdentity of(TlsConfig config) throws MalformedPemException {
        return of(config, Clock.SYSTEM);
    }

    public TlsConfig config() {
        return config;
    }

    /** Returns what is shown, the default first; any thread. */
    public List<CertificateStatus> certificates() {
        return contexts.certificates();
    }

    /** Returns why what the files say now is not in force, {@code null} if it is; any thread. */
    public @Nullable String error() {
        List<String> all = new ArrayList<>(flaws());
        String latest = error;
        if (latest != null) {
            all.add(0, latest);
        }
        return all.isEmpty() ? null : String.join("; ", all);
    }

    /**
     * Returns what is wrong with what is in force: OCSP responses that cannot be shown, lists of revoked certificates
     * that are out of date; any thread.
     */
    public List<String> flaws() {
        List<String> flaws = new ArrayList<>(contexts.flaws());
        Instant now = now();
        for (RevocationStatus list : contexts.revocations()) {
            if (list.outdated(now)) {
                flaws.add(list.file() + " is out of date, so that nobody is let in for whom " + list.issuer()
                        + " vouches: next_update=" + list.nextUpdate());
            }
        }
        return flaws;
    }

    /** Returns the lists in force of clients' certificates that are not good any more; any thread. */
    public List<RevocationStatus> revocations() {
        return contexts.revocations();
    }

    /** Returns the handler that encrypts one more connection; any thread. */
    public ChannelHandler newHandler(ByteBufAllocator allocator) {
        return contexts.newHandler(allocator);
    }

    /** Returns what is shown to who asks for nobody, as it is now; any thread. */
    SslContext usual() {
        return contexts.usual();
    }

    /**
     * Takes up what time has brought: files that have changed, where what cannot be used leaves things as they are, new
     * keys for sessions, warnings of certificates that are about to expire. Control thread.
     *
     * @param listener whose certificates these are, for the log
     */
    public void refresh(String listener) {
        FileStamps now = FileStamps.of(config);
        if (!now.equals(stamps) || !contexts.current(now())) {
            boolean otherClients = !now.clients().equals(stamps.clients());
            stamps = now;
            reread(listener, otherClients);
        }
        if (tickets.rotate(clock.wallMillis())) {
            giveTickets(contexts);
        }
        warnings.warn(listener, contexts.certificates(), now());
        warnOfFlaws(listener);
    }

    private void warnOfFlaws(String listener) {
        Set<String> flaws = new HashSet<>(flaws());
        told.retainAll(flaws);
        for (String flaw : flaws) {
            if (told.add(flaw)) {
                log.warn("TLS is not whole: listener={} error={}", listener, flaw);
            }
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.wallMillis());
    }

    private void reread(String listener, boolean otherClients) {
        List<String> errors = new ArrayList<>();
        try {
            TlsContexts next = contextsOf(readable(errors));
            if (otherClients) {
                // Whoever was let in by the old rules must not come back by an old session.
                tickets.replaceAll(clock.wallMillis());
                giveTickets(next);
            }
            contexts = next;
            log.info(
                    "Certificates read again: listener={} subjects={}",
                    listener,
                    next.certificates().stream().map(CertificateStatus::subject).collect(Collectors.joining("; ")));
        } catch (MalformedPemException e) {
            errors.add(String.valueOf(e.getMessage()));
        }
        error = errors.isEmpty() ? null : String.join("; ", errors);
        errors.forEach(each ->
                log.error("Certificate not changed, the previous one goes on: listener={} error={}", listener, each));
    }

    /** Returns what is to be shown now: for each file that cannot be used what it said before, if it said something. */
    private List<ShownCertificate> readable(List<String> errors) throws MalformedPemException {
        Set<String> known =
                certificates().stream().map(CertificateStatus::fingerprint).collect(Collectors.toSet());
        List<ShownCertificate> shown = new ArrayList<>();
        for (CertificateFiles files : config.certificates()) {
            for (Path file : located(files)) {
                try {
                    ShownCertificate read = shown(files, read(files, file));
                    requireCurrent(read.status(), known);
                    shown.add(read);
                } catch (MalformedPemException e) {
                    errors.add(String.valueOf(e.getMessage()));
                    PemFile before = inForce.get(file);
                    if (before != null) {
                        shown.add(shown(files, before));
                    }
                }
            }
        }
        if (shown.isEmpty()) {
            throw new MalformedPemException("no certificate is left");
        }
        return shown;
    }

    /** A certificate that has expired does not take the place of another one. */
    private void requireCurrent(CertificateStatus status, Set<String> known) throws MalformedPemException {
        if (!known.contains(status.fingerprint()) && status.notAfter().isBefore(now())) {
            throw new MalformedPemException(status.file() + " has expired: not_after=" + status.notAfter());
        }
    }

    private TlsContexts contextsOf(List<ShownCertificate> shown) throws MalformedPemException {
        try {
            ClientAuth auth = config.clientAuth();
            TlsContexts next = new TlsContexts(config, shown, auth == null ? null : ClientTrust.read(auth));
            giveTickets(next);
            Map<Path, PemFile> files = new HashMap<>();
            shown.forEach(each -> files.put(each.pem().file(), each.pem()));
            inForce = files;
            return next;
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedPemException("a file cannot be read: " + e, e);
        }
    }

    private void giveTickets(TlsContexts to) {
        if (config.sessions().tickets()) {
            to.use(tickets);
        }
    }

    private static List<Path> located(CertificateFiles files) throws MalformedPemException {
        try {
            return PemFile.locate(Path.of(files.certificate()));
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedPemException(files.certificate() + " cannot be read: " + e, e);
        }
    }

    private static PemFile read(CertificateFiles files, Path file) throws MalformedPemException {
        try {
            return PemFile.read(file, files.key());
        } catch (IOException | IllegalArgumentException e) {
            throw new MalformedPemException(file + " cannot be read: " + e, e);
        }
    }

    private ShownCertificate shown(CertificateFiles files, PemFile pem) throws MalformedPemException {
        CertificateStatus status = CertificateStatus.of(pem.file(), pem.chain().get(0));
        List<String> names = files.names().isEmpty() ? status.names() : files.names();
        try {
            Staple staple = Staple.beside(pem.file(), pem.chain().get(0), now());
            return new ShownCertificate(pem, status, names, staple, null);
        } catch (MalformedPemException e) {
            return new ShownCertificate(pem, status, names, null, e.getMessage());
        }
    }

    /** Returns the files whose certificates have expired, with the moment; for those who check a configuration. */
    public List<CertificateStatus> expired() {
        Instant now = now();
        Set<String> seen = new HashSet<>();
        return certificates().stream()
                .filter(each -> each.notAfter().isBefore(now) && seen.add(each.fingerprint()))
                .toList();
    }
}
