package io.myelin.tls;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsSessionTest {
    @ParameterizedTest
    @CsvSource({
        "'',  /C=NL/O=Some Where/CN=web",
        "CN,  web",
        "cn,  web",
        "OU,  ",
    })
    void namesAreSpeltAsOpenSslDoes(String attribute, String expected) {
        assertThat(TlsSession.name(new X500Principal("CN=web,O=Some Where,C=NL"), attribute))
                .isEqualTo(expected);
    }

    @Test
    void aNameMayHaveAnythingInIt() {
        assertThat(TlsSession.name(new X500Principal("EMAILADDRESS=a@b.test,CN=\"x, y\""), ""))
                .startsWith("/CN=x, y/emailAddress=");
    }
}
