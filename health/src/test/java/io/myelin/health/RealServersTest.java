package io.myelin.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.myelin.model.Clock;
import io.myelin.model.RandomSource;
import io.myelin.testing.Await;
import io.myelin.testing.ServerProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Checks against the servers they are for. */
@Timeout(90)
@NullMarked
class RealServersTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final int port = ServerProgram.freePort();
    private final Checker checker = new Checker(1, Clock.SYSTEM, RandomSource.SYSTEM);
    private final BlockingQueue<LocalVerdict> rounds = new LinkedBlockingQueue<>();
    private final List<LocalChecks> started = new ArrayList<>();
    private final List<ServerProgram> servers = new ArrayList<>();

    @AfterEach
    void close() {
        started.forEach(LocalChecks::close);
        checker.close();
        Collections.reverse(servers);
        servers.forEach(ServerProgram::close);
    }

    @Test
    void redisPassesWhileItAnswers() throws InterruptedException {
        ServerProgram redis = redis();
        start(port, new Question.Redis(), PATIENCE);
        assertThat(next().checks().get(0).reason()).startsWith("redis answered in ");

        redis.kill();

        awaitReason("connect refused");
    }

    @Test
    void redisThatWantsAPasswordFailsAndSaysWhy() throws InterruptedException {
        redis("--requirepass", "secret");
        start(port, new Question.Redis(), PATIENCE);

        LocalVerdict verdict = next();

        assertThat(verdict.passing()).isFalse();
        assertThat(verdict.checks().get(0).reason()).startsWith("PING: NOAUTH");
    }

    @Test
    void whatIsNotRedisFails() throws IOException {
        try (ScriptedServer web = new ScriptedServer(client -> {
                    client.getInputStream().read();
                    ScriptedServer.send(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
                });
                ScriptedServer silent = new ScriptedServer(client -> {})) {
            start(web.port(), new Question.Redis(), PATIENCE);
            awaitReason("no answer to PING: ");
            start(silent.port(), new Question.Redis(), SHORT);
            awaitReason("timeout after 200 ms (PING)");
        }
    }

    @Test
    void rabbitMqPassesWhileMessagesGoThrough() throws IOException {
        ServerProgram rabbit = rabbit();
        start(port, new Question.RabbitMq("guest", "guest"), PATIENCE);
        awaitReason("the message came back");
        start(port, new Question.RabbitMq("guest", "wrong"), PATIENCE);
        awaitReason("ACCESS_REFUSED");

        rabbit.close();

        awaitReason("connect refused");
    }

    @Test
    void whatIsNotRabbitMqFails() throws IOException {
        try (ScriptedServer web = new ScriptedServer(client -> {
                    ScriptedServer.send(client, "HTTP/1.1 400 Bad Request\r\n\r\n");
                    client.close();
                });
                ScriptedServer silent = new ScriptedServer(client -> {})) {
            start(web.port(), new Question.RabbitMq("guest", "guest"), SHORT);
            awaitReason("AMQP");
            start(silent.port(), new Question.RabbitMq("guest", "guest"), SHORT);
            awaitReason("timeout");
        }
    }

    private void awaitReason(String text) {
        Await.until(
                text,
                () -> rounds.stream()
                        .anyMatch(round -> round.checks().get(0).reason().contains(text)));
        rounds.clear();
    }

    private void start(int at, Question question, Duration timeout) {
        LocalCheck check = new LocalCheck("check", question, "127.0.0.1", at, timeout, timeout, 1, 1);
        LocalChecks checks = checker.local("server", List.of(check), Duration.ofMillis(50), rounds::add);
        started.add(checks);
        checks.start();
    }

    private LocalVerdict next() throws InterruptedException {
        LocalVerdict verdict = rounds.poll(30, TimeUnit.SECONDS);
        if (verdict == null) {
            throw new AssertionError("no round of checks within 30 s");
        }
        return verdict;
    }

    private ServerProgram redis(String... more) {
        List<String> command = new ArrayList<>(List.of(
                ServerProgram.require("redis-server", "redis-server"),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no"));
        command.addAll(List.of(more));
        return running(Map.of(), command).awaitPort(port);
    }

    /** Starts the server, without Debian's wrapper, which changes the user, and Erlang's registry of names for it. */
    private ServerProgram rabbit() throws IOException {
        ServerProgram.require("rabbitmq-server", "rabbitmq-server");
        Path program = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");
        String epmd = ServerProgram.require("epmd", "erlang-base");
        int names = ServerProgram.freePort();
        running(Map.of(), List.of(epmd, "-port", Integer.toString(names), "-address", "127.0.0.1"))
                .awaitPort(names);
        return running(rabbitEnvironment(names), List.of(program.toString()));
    }

    private ServerProgram running(Map<String, String> environment, List<String> command) {
        ServerProgram server = ServerProgram.start(directory, environment, command);
        servers.add(server);
        return server;
    }

    private Map<String, String> rabbitEnvironment(int names) throws IOException {
        Files.writeString(directory.resolve("plugins"), "[].\n");
        Files.writeString(directory.resolve("rabbit.conf"), "listeners.tcp.default = 127.0.0.1:" + port + "\n");
        return Map.of(
                "HOME", directory.toString(),
                "ERL_EPMD_PORT", Integer.toString(names),
                "RABBITMQ_NODENAME", "myelin" + port + "@localhost",
                "RABBITMQ_DIST_PORT", Integer.toString(ServerProgram.freePort()),
                "RABBITMQ_CONFIG_FILE", directory.resolve("rabbit.conf").toString(),
                "RABBITMQ_ENABLED_PLUGINS_FILE", directory.resolve("plugins").toString(),
                "RABBITMQ_MNESIA_BASE", directory.resolve("mnesia").toString(),
                "RABBITMQ_LOG_BASE", directory.resolve("logs").toString(),
                "RABBITMQ_PID_FILE", directory.resolve("pid").toString());
    }
}
