package io.myelin.discovery.kubernetes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy on loopback whose tunnels all lead to one port, for those who say a name and a password. */
final class TunnelProxy implements AutoCloseable {
    private static final String BASIC = "Basic ";

    private final ServerSocket server;
    private final int leadsTo;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    TunnelProxy(int leadsTo) throws IOException {
        this.leadsTo = leadsTo;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        run(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Returns method and target of every request, with name and password. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            sockets.add(client);
            run(() -> serve(client));
        }
    }

    private void serve(Socket client) throws IOException {
        String head = head(client.getInputStream());
        String target = head.substring(0, head.indexOf(" HTTP/"));
        int basic = head.indexOf(BASIC);
        if (basic < 0) {
            asked.add(target);
            say(client, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
            client.close();
            return;
        }
        String credentials = head.substring(basic + BASIC.length(), head.indexOf("\r\n", basic));
        asked.add(target + ' ' + new String(Base64.getDecoder().decode(credentials), UTF_8));
        Socket end = new Socket(InetAddress.getLoopbackAddress(), leadsTo);
        sockets.add(end);
        say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
        run(() -> relay(client, end));
        relay(end, client);
    }

    private static void relay(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended in the head");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static void say(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(ISO_8859_1));
        to.getOutputStream().flush();
    }

    private static void run(Step step) {
        Thread thread = new Thread(
                () -> {
                    try {
                        step.run();
                    } catch (IOException ignored) {
                        // An end hung up, or the test is over.
                    }
                },
                "tunnel-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** What a thread does until something ends. */
    private interface Step {
        void run() throws IOException;
    }
}
