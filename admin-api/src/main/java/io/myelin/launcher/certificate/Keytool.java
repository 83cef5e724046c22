package io.myelin.launcher.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStore.PasswordProtection;
import java.security.KeyStore.PrivateKeyEntry;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The program of the JDK that makes certificates; the JDK has no public interface for that. Blocks.
 *
 * @param program where it is
 */
record Keytool(Path program) {
    /** The one beside the java that runs this. */
    static final Keytool OF_THIS_JAVA = new Keytool(Path.of(System.getProperty("java.home"), "bin", "keytool"));

    private static final String ALIAS = "development";
    private static final String PASSWORD = "MYELIN_KEYSTORE_PASSWORD";
    private static final int PASSWORD_BITS = 128;
    private static final long LIMIT_SECONDS = 30;
    private static final int LONGEST_OUTPUT = 1_000;

    /**
     * Makes a key and a certificate that it signs itself.
     *
     * @param names in the forms of keytool, such as {@code dns:localhost}
     * @param store where keytool is to put it, a file that is not there yet
     */
    PrivateKeyEntry make(Set<String> names, int days, Path store) throws IOException, InterruptedException {
        String password = new BigInteger(PASSWORD_BITS, new SecureRandom()).toString(Character.MAX_RADIX) + "-padding";
        run(
                List.of(
                        program.toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-sigalg",
                        "SHA256withECDSA",
                        "-dname",
                        "CN=localhost, O=Myelin development certificate",
                        "-validity",
                        Integer.toString(days),
                        "-ext",
                        "SAN=" + names.stream().sorted().collect(Collectors.joining(",")),
                        "-ext",
                        "KU=digitalSignature",
                        "-ext",
                        "EKU=serverAuth",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass:env",
                        PASSWORD),
                password);
        return read(store, password.toCharArray());
    }

    private static void run(List<String> words, String password) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put(PASSWORD, password);
        Process process = builder.start();
        try (InputStream output = process.getInputStream()) {
            process.getOutputStream().close();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(words.get(0) + " did not end within " + LIMIT_SECONDS + " s");
            }
            if (process.exitValue() != 0) {
                String said = new String(output.readNBytes(LONGEST_OUTPUT), StandardCharsets.UTF_8).strip();
                throw new IOException(words.get(0) + " ended with " + process.exitValue() + ": " + said);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static PrivateKeyEntry read(Path store, char[] password) throws IOException {
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            if (keys.getEntry(ALIAS, new PasswordProtection(password)) instanceof PrivateKeyEntry entry) {
                return entry;
            }
            throw new IOException(store + " has no key (expected: what keytool made)");
        } catch (GeneralSecurityException e) {
            throw new IOException(store + ": " + e.getMessage(), e);
        }
    }
}
