package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemFileTest {
    private static final Path FILES = Path.of("src/test/resources/tls");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"localhost.pem, RSA", "old-rsa.pem, RSA", "old-ec.pem, EC", "key-beside.pem, RSA"})
    void keysOfEveryFormAreRead(String name, String algorithm) throws IOException, MalformedPemException {
        PemFile pem = PemFile.read(FILES.resolve(name), null);

        assertThat(pem.key().getAlgorithm()).isEqualTo(algorithm);
        assertThat(pem.chain()).hasSize(1);
        assertThat(pem.chain().get(0).getPublicKey().getAlgorithm()).isEqualTo(algorithm);
    }

    @ParameterizedTest
    @CsvSource({"encrypted.pem", "encrypted-old.pem"})
    void anEncryptedKeyIsRefused(String name) {
        assertThatThrownBy(() -> PemFile.read(FILES.resolve(name), null))
                .isInstanceOf(MalformedPemException.class)
                .hasMessageEndingWith(": the private key is encrypted (expected: one without a password)");
    }

    @Test
    void whatIsMissingIsSaid() throws IOException {
        String whole = Files.readString(FILES.resolve("localhost.pem"));
        String certificate = whole.substring(0, whole.indexOf("-----BEGIN PRIVATE"));
        String key = whole.substring(certificate.length());

        assertThat(complaint(certificate))
                .endsWith(" has no private key, and there is none in " + directory + "/x.pem.key");
        assertThat(complaint(key)).endsWith(" has no certificate");
        assertThat(complaint("nonsense")).endsWith(" has no certificate");
        assertThat(complaint(certificate.replaceFirst("MII", "AAA") + key)).contains("a certificate cannot be read: ");
        assertThat(complaint(certificate + key.replaceFirst("MII", "AAA")))
                .endsWith(": the private key cannot be read (expected: one of RSA, EC, EdDSA)");
        assertThat(complaint(certificate + key.replaceAll("PRIVATE KEY", "EC PRIVATE KEY")))
                .contains("the private key does not name its curve (expected: ");
        assertThatThrownBy(() -> PemFile.read(directory.resolve("nowhere.pem"), null))
                .hasMessage(directory.resolve("nowhere.pem") + " is not there");
    }

    @Test
    void theKeyMayBeInAFileOfItsOwn() throws IOException, MalformedPemException {
        String whole = Files.readString(FILES.resolve("localhost.pem"));
        int key = whole.indexOf("-----BEGIN PRIVATE");
        Path certificate = Files.writeString(directory.resolve("tls.crt"), whole.substring(0, key));
        Path itsKey = Files.writeString(directory.resolve("tls.key"), whole.substring(key));

        assertThat(PemFile.read(certificate, itsKey.toString()).key().getAlgorithm())
                .isEqualTo("RSA");
        assertThatThrownBy(() -> PemFile.read(certificate, certificate.toString()))
                .hasMessage(certificate + " has no private key");
        assertThatThrownBy(() -> PemFile.read(certificate, directory + "/nowhere.key"))
                .hasMessage(directory.resolve("nowhere.key") + " is not there");
    }

    @Test
    void allFilesOfADirectoryCount() throws IOException, MalformedPemException {
        assertThatThrownBy(() -> PemFile.locate(directory))
                .hasMessageEndingWith("is a directory without a certificate");

        Files.createFile(directory.resolve(".hidden"));
        Files.createFile(directory.resolve("a.pem.key"));
        Files.createFile(directory.resolve("c.pem"));
        Files.createFile(directory.resolve("b.pem"));
        assertThat(PemFile.locate(directory)).containsExactly(directory.resolve("b.pem"), directory.resolve("c.pem"));
        assertThat(PemFile.locate(directory.resolve("c.pem"))).containsExactly(directory.resolve("c.pem"));
    }

    @Test
    void aNameMayStandForTwoKindsOfKeys() throws IOException, MalformedPemException {
        Files.createFile(directory.resolve("a.rsa"));
        Files.createFile(directory.resolve("a.ecdsa"));
        assertThat(PemFile.locate(directory.resolve("a")))
                .containsExactly(directory.resolve("a.ecdsa"), directory.resolve("a.rsa"));
        assertThat(PemFile.locate(directory.resolve("b"))).containsExactly(directory.resolve("b"));
    }

    private String complaint(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("x.pem"), text);
        try {
            PemFile.read(file, null);
            return "none";
        } catch (MalformedPemException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
