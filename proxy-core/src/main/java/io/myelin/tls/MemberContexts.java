package io.myelin.tls;

import io.myelin.model.MemberTls;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
    private final Map<MemberTls, Entry> entries = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Creates it without any context. */
    public MemberContexts(Executor control) {
        this.control = control;
    }

    /**
     * Reads the files that {@code tls} names, to see whether they can be used.
     *
     * @throws MalformedPemException if not, with a message for people
     */
    public static void probe(MemberTls tls) throws MalformedPemException {
        MemberContext.readFiles(tls);
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

    /** Takes up files that have changed; to be called about every second. Control thread. */
    public void refresh() {
        entries.values().removeIf(entry -> {
            boolean forgotten = entry.rested();
            if (forgotten) {
                entry.context.retire();
            } else {
                entry.refresh();
            }
            return forgotten;
        });
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
        private List<String> stamps;
        private int rests;

        Entry(MemberTls tls) {
            this.tls = tls;
            this.stamps = stamps(tls);
            this.context = MemberContext.of(tls);
            if (!context.broken().isEmpty()) {
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
                before.retire();
                log.info("TLS to members changed: authorities={} certificate={}", tls.authorities(), tls.certificate());
            } else {
                log.error("TLS to members not changed, what was read before goes on: error={}", next.broken());
            }
        }

        /** Returns something that is equal for as long as the files are the same. */
        private static List<String> stamps(MemberTls tls) {
            String certificate = tls.certificate();
            String beside = certificate == null ? null : certificate + ".key";
            return List.of(stamp(tls.authorities()), stamp(certificate), stamp(beside), stamp(tls.key()));
        }

        private static String stamp(@Nullable String file) {
            if (file == null) {
                return "";
            }
            try {
                BasicFileAttributes attributes = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
                return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
            } catch (IOException | InvalidPathException e) {
                return e.getClass().getSimpleName();
            }
        }
    }
}
