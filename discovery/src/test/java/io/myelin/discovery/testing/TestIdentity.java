package io.myelin.discovery.testing;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** A key and its certificate, which is signed by itself and says {@code localhost}, in a directory of the test. */
public final class TestIdentity {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final String ALIAS = "own";

    private final Path directory;
    private final KeyStore store;

    private TestIdentity(Path directory, KeyStore store) {
        this.directory = directory;
        this.store = store;
    }

    /** Makes a new one, which takes the JDK's {@code keytool} about a second. */
    public static TestIdentity in(Path directory) throws IOException, GeneralSecurityException {
        Path file = directory.resolve("own.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .inheritIO()
                .start();
        try {
            if (!keytool.waitFor(20, TimeUnit.SECONDS)) {
                throw new AssertionError("keytool did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return new TestIdentity(directory, store);
    }

    /** Writes the certificate to a file in PEM. */
    public Path certificate(String name) throws IOException, GeneralSecurityException {
        return pem(name, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
    }

    /** Writes the private key to a file in PEM. */
    public Path key(String name) throws IOException, GeneralSecurityException {
        return pem(name, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
    }

    /** Returns what shows this identity, and believes clients that show it, too. */
    public SSLContext context() throws GeneralSecurityException, IOException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry(ALIAS, store.getCertificate(ALIAS));
        TrustManagerFactory clients = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        clients.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), clients.getTrustManagers(), null);
        return context;
    }

    /**
     * Returns a server on loopback that shows this identity, not started yet.
     *
     * @param asksClients whether clients must show it, too
     */
    public HttpsServer server(boolean asksClients) throws IOException, GeneralSecurityException {
        SSLContext context = context();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "https-server");
            thread.setDaemon(true);
            return thread;
        }));
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters connection) {
                SSLParameters parameters = getSSLContext().getDefaultSSLParameters();
                parameters.setNeedClientAuth(asksClients);
                connection.setSSLParameters(parameters);
            }
        });
        return server;
    }

    private Path pem(String name, String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(content);
        return Files.writeString(
                directory.resolve(name), "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }
}
