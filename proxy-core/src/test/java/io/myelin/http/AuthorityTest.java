package io.myelin.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "web",
                "WEB",
                "web.example.com",
                "web.example.com.",
                "-web_1~",
                "web:80",
                "web:",
                "web:0",
                "web:00080",
                "web:65535",
                "10.0.0.1",
                "10.0.0.1:8080",
                "1",
                "%C3%A4",
                "a%20b:80",
                "!$&'()*+,;=",
                "[::]",
                "[::1]",
                "[::1]:80",
                "[::1]:",
                "[1:2:3:4:5:6:7:8]:65535",
                "[fe80::ABCD:ef01]",
                "[::ffff:10.0.0.1]:80"
            })
    void accepts(String text) {
        assertThat(valid(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":80",
                "web:80:80",
                "web::80",
                "web:x",
                "web:8x",
                "web:-1",
                "web:+1",
                "web: 80",
                "web:65536",
                "web:99999",
                "web:000080",
                "web:100000",
                "::1",
                "user@web",
                "user:secret@web",
                "@web",
                "web/",
                "web?",
                "web#",
                "web\\",
                "a b",
                "a\tb",
                "\"web\"",
                "<web>",
                "w\u00e4b",
                "web\u0000",
                "web\u007f",
                "%",
                "a%2",
                "a%zz",
                "a%2:80",
                "%%41",
                "[",
                "]",
                "[]",
                "[:]",
                "[]:80",
                "[::1",
                "::1]",
                "[::1]]",
                "[[::1]]",
                "[::1]80",
                "[::1]x",
                "[::1]:x",
                "[::1]:80:80",
                "[::1]:65536",
                "[::g]",
                "[web]",
                "[1234]",
                "[fe80::1%25eth0]",
                "[::1@web]",
                "[v1.a:b]",
                "web[::1]",
                "a]b",
                "a[b"
            })
    void refuses(String text) {
        assertThat(valid(text)).isFalse();
    }

    @Test
    void looksBetweenItsPositionsOnly() {
        byte[] bytes = Heads.bytes("@@web:80@@");

        assertThat(Authority.valid(bytes, 2, 8)).isTrue();
        assertThat(Authority.valid(bytes, 1, 8)).isFalse();
        assertThat(Authority.valid(bytes, 2, 9)).isFalse();
        assertThat(Authority.valid(Heads.bytes("a%41"), 0, 3)).isFalse();
    }

    private static boolean valid(String text) {
        byte[] bytes = Heads.bytes(text);
        return Authority.valid(bytes, 0, bytes.length);
    }
}
