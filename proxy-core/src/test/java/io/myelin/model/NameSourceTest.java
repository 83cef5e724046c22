package io.myelin.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSourceTest {
    @ParameterizedTest
    @CsvSource({
        "web.example.org,      web.example.org",
        "WEB.Example.org:8443, web.example.org",
        "web.example.org.,     web.example.org",
        "web.example.org.:80,  web.example.org",
        "web,                  web",
        "127.0.0.1:80,         127.0.0.1",
        "[::1]:80,             ::1",
        "a_b-c.org,            a_b-c.org",
        "::1,",
        "'',",
        "a..b,",
        "a/b,",
        "a b,",
        "bücher.example,",
        "[::1,"
    })
    void aNameIsThatOfAHost(String value, String name) {
        assertThat(NameSource.nameIn(value)).isEqualTo(name);
        assertThat(NameSource.nameIn(null)).isNull();
        assertThat(NameSource.nameIn("a".repeat(254))).isNull();
    }
}
