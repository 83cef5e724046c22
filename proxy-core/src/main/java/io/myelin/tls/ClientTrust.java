package io.myelin.tls;

import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.util.List;
import javax.net.ssl.TrustManager;

/**
 * Which certificates of clients are good.
 *
 * @param revocations the lists of those that are not any more
 */
record ClientTrust(TrustManager clients, ClientAuth mode, List<RevocationStatus> revocations) {
    ClientTrust {
        revocations = List.copyOf(revocations);
    }

    /** Reads what {@code wanted} names. */
    static ClientTrust read(io.myelin.tls.ClientAuth wanted) throws IOException, MalformedPemException {
        Path crl = wanted.crl() == null ? null : Path.of(wanted.crl());
        List<X509CRL> lists = crl == null ? List.of() : PemFile.revocations(crl);
        Authorities authorities = new Authorities(wanted.ca(), PemFile.certificates(Path.of(wanted.ca())), lists);
        return new ClientTrust(
                new KnownClients(authorities.trustManager()),
                wanted.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL,
                crl == null
                        ? List.of()
                        : lists.stream()
                                .map(list -> RevocationStatus.of(crl, list))
                                .toList());
    }
}
