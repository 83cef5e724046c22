package io.myelin.health;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A loopback server that treats its clients, one after the other, as a script says; clients it keeps open end with it.
 */
final class ScriptedServer implements AutoCloseable {
    private final ServerSocket socket;
    private final List<Socket> clients = new CopyOnWriteArrayList<>();

    ScriptedServer(Script script) throws IOException {
        this(script, new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress()));
    }

    private ScriptedServer(Script script, ServerSocket socket) {
        this.socket = socket;
        Thread thread = new Thread(() -> serve(script), "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts one that speaks TLS, with a certificate that nobody vouches for. */
    static ScriptedServer overTls(Script script) throws IOException {
        File pem = new File("../proxy-core/src/test/resources/tls/localhost.pem");
        JdkSslContext tls = (JdkSslContext) SslContextBuilder.forServer(pem, pem)
                .sslProvider(SslProvider.JDK)
                .build();
        return new ScriptedServer(
                script,
                tls.context().getServerSocketFactory().createServerSocket(0, 1_024, InetAddress.getLoopbackAddress()));
    }

    /** What is done to one client. */
    @FunctionalInterface
    interface Script {
        void serve(Socket client) throws IOException;
    }

    /** Returns a script that reads the request, sends {@code answer} and closes. */
    static Script answering(String answer) {
        return client -> {
            readRequest(client);
            send(client, answer);
            client.close();
        };
    }

    /** Reads up to the empty line that ends a request without body. */
    static String readRequest(Socket client) throws IOException {
        StringBuilder request = new StringBuilder();
        while (request.indexOf("\r\n\r\n") < 0) {
            int value = client.getInputStream().read();
            if (value < 0) {
                throw new IOException("request ended early");
            }
            request.append((char) value);
        }
        return request.toString();
    }

    static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private void serve(Script script) {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                clients.add(client);
                client.setTcpNoDelay(true);
                script.serve(client);
            } catch (IOException ignored) {
                // A client that goes away is part of the game, and a closed server socket ends the loop.
            }
        }
    }
}
