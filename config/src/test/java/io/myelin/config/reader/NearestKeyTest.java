package io.myelin.config.reader;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullMarked
class NearestKeyTest {
    private static final List<String> KNOWN = List.of("port", "routes", "retries", "default_servers", "timeouts");

    @ParameterizedTest
    @CsvSource({
        "prot,port",
        "Port,port",
        "ports,port",
        "route,routes",
        "rertires,retries",
        "default-servers,default_servers",
        "defaultServer,default_servers",
        "timeout,timeouts",
        "xyz,",
        "p,",
        "colour,"
    })
    void theKeyWithTheFewestChangesIsMeant(String written, String meant) {
        assertThat(NearestKey.to(written, KNOWN)).isEqualTo(meant);
    }
}
