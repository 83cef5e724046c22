package io.myelin.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.myelin.failure.Failure;
import io.myelin.log.AccessConfig;
import io.myelin.log.AccessConfig.Layout;
import io.myelin.log.AccessSink;
import io.myelin.log.Destination;
import io.myelin.log.Destination.Kind;
import io.myelin.log.Envelope;
import io.myelin.log.Envelope.Form;
import io.myelin.model.Clock;
import io.myelin.testing.Await;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** From the event loop to the file, the socket and the screen. */
@NullMarked
@Timeout(30)
class AccessLogsTest {
    private static final int CAPACITY = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final AccessLogs logs = new AccessLogs(2, Clock.SYSTEM, CAPACITY);
    private final Logger complaints = (Logger) LoggerFactory.getLogger(Outputs.class);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

    @BeforeEach
    void listen() {
        heard.start();
        complaints.addAppender(heard);
    }

    @AfterEach
    void stop() {
        logs.close();
        complaints.detachAppender(heard);
    }

    private static AccessConfig to(Destination... destinations) {
        return AccessConfig.DEFAULT
                .with()
                .layout(Layout.JSON)
                .destinations(List.of(destinations))
                .build();
    }

    private static Destination file(Path path, long rollBytes) {
        return new Destination(Kind.FILE, path.toString(), 0, Envelope.NONE, rollBytes, 2);
    }

    private static Destination syslog(Kind kind, String path, int port) {
        return new Destination(kind, path, port, new Envelope(Form.PRIORITY, 16, 7, 0, "", 9_999), 0, 1);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitLines(Path file, int count) {
        Await.until(file + " has " + count + " lines", () -> lines(file).size() == count);
    }

    private void awaitTotal(AccessLogCounter counter, long count) {
        Await.until(counter + " is " + count, () -> logs.total(counter) == count);
    }

    @Test
    void recordsOfAllLoopsGetIntoTheFile() {
        Path file = directory.resolve("access.log");
        AccessSink sink = logs.open(to(file(file, 0)));
        for (int i = 0; i < CAPACITY; i++) {
            sink.accept(i % 2, Records.ok("/" + i));
        }

        awaitLines(file, CAPACITY);
        assertThat(lines(file)).allMatch(line -> line.startsWith("{\"time\":\"2009-02-06T"));
        assertThat(lines(file)).anyMatch(line -> line.contains("\"target\":\"/7\""));
        assertThat(logs.total(AccessLogCounter.WRITTEN)).isEqualTo(CAPACITY);
        assertThat(logs.total(AccessLogCounter.DROPPED)).isZero();
    }

    @Test
    void aSleepingWriterIsWokenByTheNextRecord() {
        Path file = directory.resolve("access.log");
        AccessSink sink = logs.open(to(file(file, 0)));
        for (int i = 1; i <= 20; i++) {
            sink.accept(0, Records.ok());
            awaitLines(file, i);
        }
    }

    @Test
    void aWriterThatDoesNotKeepUpLosesRecordsAndNothingElse() {
        Path file = directory.resolve("access.log");
        AccessSink sink = logs.open(to(file(file, 0)));
        int count = 200 * CAPACITY;
        for (int i = 0; i < count; i++) {
            sink.accept(0, Records.ok());
        }

        Await.until(
                "every record is accounted for",
                () -> logs.total(AccessLogCounter.WRITTEN) + logs.total(AccessLogCounter.DROPPED) == count);
        assertThat(logs.total(AccessLogCounter.DROPPED)).isPositive();
        awaitLines(file, (int) logs.total(AccessLogCounter.WRITTEN));
    }

    @Test
    void whatWaitsIsWrittenBeforeTheEnd() {
        Path file = directory.resolve("access.log");
        AccessSink sink = logs.open(to(file(file, 0)));
        for (int i = 0; i < CAPACITY; i++) {
            sink.accept(0, Records.ok());
        }
        logs.close();

        assertThat(lines(file)).hasSize(CAPACITY);
    }

    @Test
    void aFileThatWasMovedAwayIsBegunAnewWhenTheConfigurationIsReadAgain() throws IOException {
        Path file = directory.resolve("access.log");
        Path moved = directory.resolve("access.log.old");
        Destination destination = file(file, 0);
        AccessSink sink = logs.open(to(destination));
        sink.accept(0, Records.ok("/first"));
        awaitLines(file, 1);
        Files.move(file, moved);
        logs.settle(Set.of(destination));
        sink.accept(0, Records.ok("/second"));

        awaitLines(file, 1);
        assertThat(lines(moved).get(0)).contains("/first");
        assertThat(lines(file).get(0)).contains("/second");
    }

    @Test
    void aFileThatIsFullIsPutAside() {
        Path file = directory.resolve("access.log");
        AccessSink sink = logs.open(to(file(file, 2_048)));

        Await.until("there are three files", () -> {
            sink.accept(0, Records.ok());
            // While files are put aside, the first one is not there for a moment.
            return Files.exists(directory.resolve("access.log.2")) && Files.exists(directory.resolve("access.log.1"));
        });
        assertThat(directory.resolve("access.log.1")).exists();
        assertThat(directory.resolve("access.log.3")).doesNotExist();
    }

    @Test
    void aFileThatCannotBeWrittenHarmsNoOtherAndIsReportedOnce() throws IOException {
        Path good = directory.resolve("access.log");
        Path blocked = Files.writeString(directory.resolve("occupied"), "a file, not a directory");
        AccessSink sink = logs.open(to(file(blocked.resolve("access.log"), 0), file(good, 0)));
        sink.accept(0, Records.ok());
        sink.accept(0, Records.ok());

        awaitLines(good, 2);
        awaitTotal(AccessLogCounter.FAILED, 2);
        assertThat(heard.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getLevel()).isEqualTo(Level.WARN))
                .satisfies(event -> assertThat(event.getFormattedMessage())
                        .startsWith("Access log loses lines: to=" + blocked.resolve("access.log") + " cause="));
    }

    @Test
    void aFullDiskIsCounted() {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        AccessSink sink = logs.open(to(file(full, 0)));
        sink.accept(0, Records.ok());

        Await.until("the loss is counted", () -> logs.total(AccessLogCounter.FAILED) > 0);
        assertThat(heard.list).hasSize(1);
    }

    @Test
    void aSyslogServerGetsOneDatagramALine() throws IOException {
        try (DatagramSocket server = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            server.setSoTimeout(10_000);
            AccessSink sink = logs.open(to(syslog(Kind.UDP, "127.0.0.1", server.getLocalPort())));
            sink.accept(1, Records.ok());
            DatagramPacket packet = new DatagramPacket(new byte[9_999], 9_999);
            server.receive(packet);

            assertThat(new String(packet.getData(), 0, packet.getLength(), UTF_8))
                    .startsWith("<134>{\"time\":")
                    .endsWith("}");
        }
    }

    @Test
    void aSocketOfTheFileSystemGetsOneDatagramALine() throws IOException {
        Assumptions.assumeTrue(Epoll.isAvailable());
        Path path = directory.resolve("log");
        Socket server = Socket.newSocketDomainDgram();
        try {
            server.bind(new DomainSocketAddress(path.toString()));
            AccessSink sink = logs.open(to(syslog(Kind.SOCKET, path.toString(), 0)));
            sink.accept(0, Records.ok());
            awaitTotal(AccessLogCounter.WRITTEN, 1);
            ByteBuffer received = ByteBuffer.allocateDirect(9_999);
            int length = server.recvFromDomainSocket(received, 0, received.capacity())
                    .receivedAmount();

            byte[] bytes = new byte[length];
            received.get(0, bytes);
            assertThat(new String(bytes, UTF_8)).startsWith("<134>{\"time\":").endsWith("}");
        } finally {
            server.close();
        }
    }

    @Test
    void aSocketThatIsNotThereIsCounted() {
        Assumptions.assumeTrue(Epoll.isAvailable());
        AccessSink sink =
                logs.open(to(syslog(Kind.SOCKET, directory.resolve("nobody").toString(), 0)));
        sink.accept(0, Records.ok());

        awaitTotal(AccessLogCounter.FAILED, 1);
        assertThat(heard.list).hasSize(1);
    }

    @Test
    void levelsTellErrorsApart() {
        Path file = directory.resolve("errors.log");
        Destination errors = file(file, 0).in(new Envelope(Form.SHORT, 16, 5, 0, "", 9_999));
        AccessSink sink = logs.open(to(errors).with().separatesErrors(true).build());
        sink.accept(0, Records.ok());
        sink.accept(
                0,
                Records.failed(
                        Records.GET, null, Records.timers(0, -1, -1, -1, 1), 503, Failure.NO_MEMBER, "SC", 0, false));

        awaitLines(file, 1);
        assertThat(lines(file).get(0)).startsWith("<3>{").contains("no_member");
    }

    @Test
    void standardOutputIsALoggerThatOthersMayListenTo() {
        Logger logger = (Logger) LoggerFactory.getLogger(LogbackOutput.LOGGER);
        ListAppender<ILoggingEvent> listener = new ListAppender<>();
        listener.start();
        logger.addAppender(listener);
        try {
            logs.open(to(new Destination(Kind.STDERR, "", 0, Envelope.NONE, 0, 1)))
                    .accept(0, Records.ok());
            awaitTotal(AccessLogCounter.WRITTEN, 1);

            assertThat(listener.list)
                    .singleElement()
                    .satisfies(event -> assertThat(event.getMessage()).startsWith("{\"time\":"));
        } finally {
            logger.detachAppender(listener);
        }
    }
}
