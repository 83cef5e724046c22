package io.myelin.config.haproxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.config.document.Problems;
import io.myelin.http.ErrorPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * {@code errorfile STATUS FILE} and {@code errorloc STATUS URL}. As in HAProxy, files are read when the configuration
 * is; one that cannot be used changes nothing else, since it may have gone with HAProxy.
 */
public final class ErrorLines {
    /** Those that HAProxy 2.6 makes by itself. */
    private static final Set<Integer> STATUSES =
            Set.of(200, 400, 401, 403, 404, 405, 407, 408, 410, 413, 421, 422, 425, 429, 500, 501, 502, 503, 504);

    private ErrorLines() {}

    /** Returns whether there are failures of that status. */
    public static boolean hasStatus(int status) {
        return STATUSES.contains(status);
    }

    /** Puts the page of {@code line} into {@code pages}. */
    static void take(Line line, Map<Integer, ErrorPage> pages, Problems problems) throws MalformedLineException {
        int status = Quantity.number(line.word(1), 200, 599);
        if (!STATUSES.contains(status)) {
            throw new MalformedLineException("there is no failure of status " + status, "such as 403, 502, 503 or 504");
        }
        try {
            pages.put(status, page(line));
        } catch (IOException e) {
            warn(line, line.word(2) + " cannot be read", problems);
        } catch (IllegalArgumentException e) {
            warn(line, line.word(2) + " " + e.getMessage(), problems);
        }
    }

    private static ErrorPage page(Line line) throws IOException {
        if (!line.startsWith("errorfile")) {
            return ErrorPage.redirect(line.startsWith("errorloc303") ? 303 : 302, line.word(2));
        }
        Path file = Path.of(line.word(2));
        if (Files.size(file) > ErrorPage.MAX_BYTES) {
            throw new IllegalArgumentException("is larger than " + ErrorPage.MAX_BYTES + " bytes");
        }
        return ErrorPage.of(Files.readString(file, ISO_8859_1));
    }

    private static void warn(Line line, String reason, Problems problems) {
        line.warning(problems, reason + ": failures are answered in Myelin's own words");
    }
}
