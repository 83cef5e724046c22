package io.myelin.config.reader;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.myelin.config.document.Mapping.Entry;
import io.myelin.config.document.Problems;
import io.myelin.config.document.Where;
import io.myelin.config.haproxy.ErrorLines;
import io.myelin.http.ErrorPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code error_pages}: by the status of a failure, a file with what clients are told, a whole response or a body
 * alone.
 */
final class ErrorPagesReader {
    private static final String FILES =
            "a file with a response, or a body of at most " + ErrorPage.MAX_BYTES + " bytes";
    private static final Map<String, String> TYPES =
            Map.of("html", "text/html", "htm", "text/html", "json", "application/json", "xml", "application/xml");

    private final Section section;
    private final Problems problems;

    ErrorPagesReader(Section section) {
        this.section = section;
        this.problems = section.problems();
    }

    /** Returns {@code otherwise} with the pages of the key in the place of those of the same status. */
    Map<Integer, ErrorPage> read(Map<Integer, ErrorPage> otherwise) {
        Section pages = section.section("error_pages");
        if (pages == null) {
            return otherwise;
        }
        Map<Integer, ErrorPage> read = new TreeMap<>(otherwise);
        for (Entry entry : pages.entries()) {
            String key = entry.name();
            String text = pages.text(key);
            if (!key.matches("\\d{3}") || !ErrorLines.hasStatus(Integer.parseInt(key))) {
                problems.error(
                        pages.whereKey(key), "there is no failure of status " + key, "such as 403, 502, 503 or 504");
            } else if (text != null) {
                ErrorPage page = page(Integer.parseInt(key), text, pages.where(key));
                if (page != null) {
                    read.put(Integer.parseInt(key), page);
                }
            }
        }
        return read;
    }

    private @Nullable ErrorPage page(int status, String name, Where where) {
        try {
            Path file = file(name, where);
            if (Files.size(file) > ErrorPage.MAX_BYTES) {
                problems.error(where, name + " is larger than " + ErrorPage.MAX_BYTES + " bytes", FILES);
                return null;
            }
            String text = Files.readString(file, ISO_8859_1);
            return text.startsWith("HTTP/1.") ? ErrorPage.of(text) : new ErrorPage(head(status, name), text);
        } catch (IOException | InvalidPathException e) {
            problems.error(where, name + " cannot be read", FILES);
        } catch (IllegalArgumentException e) {
            problems.error(where, name + " " + e.getMessage(), FILES);
        }
        return null;
    }

    /** Returns the file of that name: in the working directory or, if it is not there, beside the one that names it. */
    private static Path file(String name, Where where) {
        Path file = Path.of(name);
        return Files.exists(file) ? file : Path.of(where.place().file()).resolveSibling(name);
    }

    private static String head(int status, String name) {
        String suffix = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return "HTTP/1.1 " + status + " \r\nContent-Type: " + TYPES.getOrDefault(suffix, "text/plain")
                + "; charset=utf-8\r\nCache-Control: no-cache\r\n";
    }
}
