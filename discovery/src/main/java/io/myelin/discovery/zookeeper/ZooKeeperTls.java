package io.myelin.discovery.zookeeper;

import org.jspecify.annotations.Nullable;

/**
 * How connections to an ensemble are encrypted; its text hides the passwords.
 *
 * @param trustStore the file of the authorities that may sign a server's certificate, as JKS, PKCS #12 or PEM by the
 *     end of its name; {@code null} for those of the Java runtime
 * @param keyStore the file of this client's own key and certificate, {@code null} for none
 * @param verifyHost whether a server's certificate must name the host that was connected to
 */
public record ZooKeeperTls(
        @Nullable Store trustStore, @Nullable Store keyStore, boolean verifyHost) {
    /** A file of keys or certificates, and the password that opens it, empty for none. */
    public record Store(String file, String password) {
        @Override
        public String toString() {
            return file;
        }
    }
}
