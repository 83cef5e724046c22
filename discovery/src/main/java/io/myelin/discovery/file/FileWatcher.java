package io.myelin.discovery.file;

import com.fasterxml.jackson.databind.JsonNode;
import io.myelin.discovery.GatedSink;
import io.myelin.discovery.RegistryLoop;
import io.myelin.discovery.ServiceWatcher;
import io.myelin.discovery.SourceReport;
import io.myelin.discovery.polling.Totals;
import io.myelin.model.Clock;
import io.myelin.model.Endpoint;
import io.myelin.model.EndpointSet;
import io.myelin.model.EndpointSink;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the endpoints in a file: looks at it a few times a second, since that works with every file system and every
 * way of replacing a file.
 */
@OwnedBy(Owner.REGISTRY)
final class FileWatcher implements ServiceWatcher {
    private static final Logger log = LoggerFactory.getLogger(FileWatcher.class);

    private final String service;
    private final Path path;
    private final Duration interval;
    private final EndpointsFile file;
    private final GatedSink sink;
    private final SourceReport report;
    private final RegistryLoop loop;
    private final Totals<FileCount> counts;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private String error = "";

    FileWatcher(
            String service,
            FileConfig config,
            EndpointSink sink,
            RegistryLoop loop,
            Totals<FileCount> counts,
            Clock clock) {
        this.service = service;
        this.path = config.path();
        this.interval = config.interval();
        this.file = new EndpointsFile(path);
        this.sink = new GatedSink(sink);
        this.report = new SourceReport("file " + path, this.sink, clock);
        this.loop = loop;
        this.counts = counts;
    }

    @Override
    public void start() {
        if (!closed.get() && started.compareAndSet(false, true)) {
            loop.execute(() -> {
                report.starting();
                turn();
            });
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            sink.close();
        }
    }

    private void turn() {
        if (!closed.get()) {
            look();
            loop.schedule(this::turn, interval);
        }
    }

    private void look() {
        try {
            String text = file.look();
            if (text != null) {
                counts.increment(FileCount.READS);
                take(text);
            }
        } catch (MalformedFileException | IOException e) {
            String reason = e.getMessage() == null ? e.toString() : e.getMessage();
            if (!reason.equals(error)) {
                error = reason;
                counts.increment(FileCount.FAILED_READS);
                log.warn("A file of endpoints cannot be used: service={} file={} reason={}", service, path, reason);
                report.lost(path + ": " + reason);
            }
        }
    }

    private void take(String text) throws MalformedFileException {
        List<JsonNode> entries = Entries.parse(text);
        List<Endpoint> endpoints = new ArrayList<>();
        String firstReason = "";
        for (int i = 0; i < entries.size(); i++) {
            try {
                endpoints.add(EndpointEntry.decode(entries.get(i)));
            } catch (MalformedFileException e) {
                String reason = "[" + i + "]." + e.getMessage();
                firstReason = firstReason.isEmpty() ? reason : firstReason;
                counts.increment(FileCount.MALFORMED);
                log.warn("Ignored a malformed endpoint: service={} file={} entry={}", service, path, reason);
            }
        }
        if (endpoints.isEmpty() && !entries.isEmpty()) {
            throw new MalformedFileException(firstReason);
        }
        error = "";
        sink.replace(new EndpointSet(service, endpoints, "file " + path));
        report.synced();
    }
}
