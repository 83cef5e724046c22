package io.myelin.tls;

import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.TrustManager;

/** Which certificates of clients are good. */
record ClientTrust(TrustManager clients, ClientAuth mode) {
    /** Reads what {@code wanted} names. */
    static ClientTrust read(io.myelin.tls.ClientAuth wanted) throws IOException, MalformedPemException {
        Authorities authorities = new Authorities(
                wanted.ca(),
                PemFile.certificates(Path.of(wanted.ca())),
                wanted.crl() == null ? List.of() : PemFile.revocations(Path.of(wanted.crl())));
        return new ClientTrust(
                new KnownClients(authorities.trustManager()),
                wanted.required() ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL);
    }
}
