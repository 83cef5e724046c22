package io.myelin.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.myelin.launcher.process.StartException;
import io.myelin.pool.Pool;
import io.myelin.stats.PaastaReader;
import io.myelin.testing.Await;
import io.myelin.testing.RawClient;
import io.myelin.testing.UnixConnection;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** HAProxy's commands on the socket that a Synapse file names. */
@Timeout(60)
class RuntimeSocketIT {
    @TempDir
    Path directory;

    private final Patient one = new Patient("one");
    private final Patient two = new Patient("two");

    @AfterEach
    void closeAll() {
        one.close();
        two.close();
    }

    @Test
    void operatorsTakeServersOutAndBringThemBack() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");
            awaitChecked();

            assertThat(ask("disable server " + server(one))).isEqualTo("\n");
            assertThat(status(one)).isEqualTo("MAINT");
            assertThat(answers(client)).containsExactly("two");

            assertThat(ask("set server " + server(one) + " state ready; set server " + server(two) + " state drain"))
                    .isEqualTo("\n\n");
            assertThat(status(two)).isEqualTo("DRAIN");
            assertThat(answers(client)).containsExactly("one");

            assertThat(ask("enable server " + server(two))).isEqualTo("\n");
            assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void aServiceIsKnownByTheNameOfItsBackend() throws IOException, InterruptedException, StartException {
        String named = yaml("").replace("      port: \"0\"\n", "      port: \"0\"\n      backend_name: farm\n");
        try (World world = World.from(directory, named);
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(ask("disable server " + server(one).replace("web/", "farm/")))
                    .isEqualTo("\n");

            assertThat(answers(client)).containsExactly("two");
            assertThat(stat())
                    .contains("\nfarm,two_")
                    .contains("\nweb,FRONTEND,")
                    .doesNotContain("\nweb,two_");
        }
    }

    @Test
    void weightsAreChangedAndShown() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(ask("get weight " + server(one))).isEqualTo("10 (initial 10)\n\n");
            assertThat(ask("set weight " + server(one) + " 0; get weight " + server(one)))
                    .isEqualTo("\n0 (initial 10)\n\n");
            assertThat(answers(client)).containsExactly("two");
            assertThat(ask("set server " + server(one) + " weight 50%; get weight " + server(one)))
                    .isEqualTo("\n5 (initial 10)\n\n");
            assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");
            assertThat(world.service("web").path("members").findValuesAsText("weight"))
                    .containsExactlyInAnyOrder("5", "10");
        }
    }

    @Test
    void aServerMovesToAnotherAddress() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                Log log = Log.open();
                Patient other = new Patient("other");
                RawClient client = RawClient.to(world.port("web"))) {
            assertThat(answers(client)).containsExactlyInAnyOrder("one", "two");
            ((Logger) LoggerFactory.getLogger(Pool.class)).setLevel(Level.INFO);

            assertThat(ask("set server " + server(one) + " addr 127.0.0.1 port " + port(other)))
                    .isEqualTo("no need to change the addr, port changed from '" + port(one) + "' to '" + port(other)
                            + "' by 'stats socket command'\n\n");

            assertThat(answers(client)).containsExactlyInAnyOrder("other", "two");
            Await.until("it is checked there", () -> other.checks() > 0);
            assertThat(PaastaReader.servers(ask("show stat"), "web"))
                    .extracting(server -> server.text("addr"))
                    .contains("127.0.0.1:" + port(other));
            String moved = "[" + server(one).substring("web/".length()) + "]";
            assertThat(log.linesFrom(Level.INFO))
                    .anyMatch(line -> line.contains("added=" + moved + " removed=" + moved + " cause=operator: "));
        } finally {
            ((Logger) LoggerFactory.getLogger(Pool.class)).setLevel(null);
        }
    }

    @Test
    void whatIsShownIsAsHaproxyShowsIt() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""))) {
            world.awaitEligible("web", 2);
            awaitChecked();
            assertThat(ask("show info"))
                    .contains("\nVersion: test\n", "\nPid: ", "\nCurrConns: 0\n")
                    .endsWith("\n\n");
            assertThat(ask("show stat")).startsWith("# pxname,svname,").endsWith(",\n\n");
            assertThat(ask("show stat web 4 -1").lines().filter(line -> line.startsWith("web,")))
                    .hasSize(2);
            assertThat(ask("show stat web 4 -1 typed").lines())
                    .contains("S.2.1.0.pxname.1:KNS:str:web", "S.2.1.19.act.1:SGP:u32:1")
                    .allMatch(line ->
                            line.isEmpty() || line.matches("S\\.2\\.[12]\\.\\d+\\.\\w+\\.1:[A-Za-z]{3}:\\w+:.*"));
            JsonNode rows = new JsonMapper().readTree(ask("show stat json"));
            assertThat(rows.get(0).get(0).toString())
                    .isEqualTo(
                            "{\"objType\":\"Frontend\",\"proxyId\":1,\"id\":0,\"field\":{\"pos\":0,\"name\":\"pxname\"},"
                                    + "\"processNum\":1,\"tags\":{\"origin\":\"Key\",\"nature\":\"Name\",\"scope\":\"Service\"},"
                                    + "\"value\":{\"type\":\"str\",\"value\":\"web\"}}");
            assertThat(ask("show info typed"))
                    .startsWith("0.Name.1:POS:str:Myelin\n")
                    .contains("\n4.Nbproc.1:CGS:u32:1\n");
            assertThat(new JsonMapper().readTree(ask("show info json")).findValuesAsText("name"))
                    .startsWith("Name", "Version", "Nbthread");
            assertThat(ask("show stat web -1 -1 up").lines().filter(line -> line.startsWith("web,")))
                    .hasSize(4);
            List<String> states = ask("show servers state web").lines().toList();
            assertThat(states.get(0)).isEqualTo("1");
            assertThat(states.get(1)).startsWith("# be_id be_name srv_id srv_name srv_addr srv_op_state");
            String own = states.stream()
                    .filter(line -> line.contains(server(one).substring("web/".length())))
                    .findFirst()
                    .orElseThrow();
            assertThat(own.split(" ", -1))
                    .hasSameSizeAs(states.get(1).substring(2).split(" ", -1));
            assertThat(own)
                    .contains(" 127.0.0.1 2 0 10 10 ")
                    .endsWith(" 14 3 3 6 0 0 0 - " + port(one) + " - 0 0 - - 0");
            assertThat(ask("help")).contains("  set weight <bk>/<srv> <w>[%]");
            assertThat(ask("clear counters all")).isEqualTo("\n");
        }
    }

    @Test
    void whatMakesNoSenseIsAnsweredInHaproxysWords() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""))) {
            world.awaitEligible("web", 2);
            assertThat(ask("disable server web")).isEqualTo("Require 'backend/server'.\n\n");
            assertThat(ask("disable server none/a")).isEqualTo("No such backend.\n\n");
            assertThat(ask("disable server web/a")).isEqualTo("No such server.\n\n");
            assertThat(ask("set weight " + server(one) + " 257"))
                    .isEqualTo("Absolute weight can only be between 0 and 256 inclusive.\n\n");
            assertThat(ask("set server " + server(one) + " state up"))
                    .isEqualTo("'set server <srv> state' expects 'ready', 'drain' and 'maint'.\n\n");
            assertThat(ask("frobnicate"))
                    .startsWith("Unknown command. Please enter one of the following commands only:\n");
            assertThat(ask("x".repeat(100_000))).isEmpty();
            assertThat(ask("show servers state none")).isEqualTo("Can't find backend.\n\n");
        }
    }

    @Test
    void whoEndsHisSideIsAnsweredAllTheSame() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                UnixConnection connection = UnixConnection.to(socket())) {
            world.awaitEligible("web", 2);
            connection.send("disable server " + server(one) + "; show stat\n").endOutput();
            assertThat(connection.readToEnd()).contains(",MAINT,");
        }
    }

    @Test
    void aPromptKeepsTheConnection() throws IOException, InterruptedException, StartException {
        try (World world = World.from(directory, yaml(""));
                UnixConnection connection = UnixConnection.to(socket())) {
            world.awaitEligible("web", 2);
            connection.send("prompt\n");
            assertThat(connection.read(3)).isEqualTo("\n> ");
            connection.send("get weight " + server(one) + "\n");
            assertThat(connection.read(20)).isEqualTo("10 (initial 10)\n\n\n> ");
            connection.send("quit\n");
            assertThat(connection.readToEnd()).isEmpty();
        }
    }

    @Test
    void theFileIsForItsOwnerAndALevelIsKept() throws IOException, InterruptedException, StartException {
        Path looking = directory.resolve("look.sock");
        String global = "  global: [\"stats socket " + looking + " mode 666 level user\"]\n";
        try (World world = World.from(directory, yaml(global))) {
            world.awaitEligible("web", 2);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(looking)))
                    .isEqualTo("rw-rw-rw-");
            assertThat(ask(looking, "disable server " + server(one))).isEqualTo("Permission denied\n\n");
            assertThat(ask(looking, "show stat")).startsWith("# pxname");

            world.reload(yaml(""));
            assertThat(looking).doesNotExist();
            assertThat(ask("show stat")).startsWith("# pxname");
        }
        assertThat(socket()).doesNotExist();
    }

    @Test
    void theFileOfADeadProcessIsReplacedAndThatOfALiveOneIsNot()
            throws IOException, InterruptedException, StartException {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            try (World world = World.from(directory, yaml(""));
                    RawClient client = RawClient.to(world.port("web"))) {
                assertThat(answers(client)).hasSize(2);
                assertThat(socket()).exists();
                leave(other);
                world.reload(yaml("") + "\n");
                assertThat(ask("show stat")).startsWith("# pxname");
            }
        }
    }

    private static void leave(Closeable socket) throws IOException {
        socket.close();
    }

    private void awaitChecked() {
        Await.until(
                "both passed a check",
                () -> status(one).equals("UP") && status(two).equals("UP"));
    }

    private Path socket() {
        return directory.resolve("stats.sock");
    }

    private String ask(String command) throws IOException {
        return ask(socket(), command);
    }

    private static String ask(Path socket, String command) throws IOException {
        try (UnixConnection connection = UnixConnection.to(socket)) {
            connection.send(command + "\n");
            return connection.readToEnd();
        } catch (IOException e) {
            // Closing with bytes unread makes the kernel break the connection.
            if (String.valueOf(e.getMessage()).matches(".*(reset|Broken pipe).*")) {
                return "";
            }
            throw e;
        }
    }

    private String status(Patient patient) {
        return PaastaReader.servers(stat(), "web").stream()
                .filter(server -> server.name().equals(patient.name()))
                .map(server -> server.text("status"))
                .collect(Collectors.joining());
    }

    private String stat() {
        try {
            return ask("show stat");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String server(Patient patient) {
        return "web/" + patient.name() + "_127.0.0.1:" + port(patient);
    }

    private static int port(Patient patient) {
        return Integer.parseInt(patient.entry().replaceAll(".*port: (\\d+).*", "$1"));
    }

    private static Set<String> answers(RawClient client) throws IOException {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            bodies.add(client.send("GET / HTTP/1.1\r\nHost: web\r\n\r\n")
                    .readResponse()
                    .body());
        }
        return bodies;
    }

    private String yaml(String more) {
        return """
                haproxy:
                  socket_file_path: %s
                %sservices:
                  web:
                    default_servers: [%s, %s]
                    haproxy:
                      port: "0"
                      server_options: "check inter 2s fastinter 100 downinter 100 rise 2 fall 2 weight 10"
                      listen: [mode http, option redispatch, option httpchk GET /health]
                """.formatted(socket(), more, one.entry(), two.entry());
    }
}
