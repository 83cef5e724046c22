package io.myelin.admin;

import io.myelin.httpd.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The page for people: one screen that draws itself from the API and asks nobody else for anything. */
final class Dashboard {
    private static final String FILE = "dashboard.html";
    /** The page is static, so that its inline script and style are as trustworthy as files of their own. */
    private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline';"
            + " connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Dashboard() {}

    static Answer read() {
        try (InputStream page = Dashboard.class.getResourceAsStream(FILE)) {
            if (page == null) {
                throw new IllegalStateException(FILE + ": not in the jar (expected: beside " + Dashboard.class + ")");
            }
            String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            return Reply.text("text/html; charset=utf-8", text).withHeaders(Map.of("Content-Security-Policy", POLICY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
