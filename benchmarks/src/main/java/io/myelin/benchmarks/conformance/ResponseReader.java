package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Body.BrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads responses by the letter of RFC 9112, as a client that knows what it asked for. */
final class ResponseReader {
    private static final Pattern STATUS_LINE =
            Pattern.compile("HTTP/1\\.[01] ([1-9][0-9][0-9])(?: [\\t\\x20-\\x7e\\x80-\\xff]*)?");
    private static final Pattern FIELD_LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([\\t\\x20-\\x7e\\x80-\\xff]*?)[ \\t]*");

    private ResponseReader() {}

    /**
     * What became of a stream.
     *
     * @param rest what follows the last response and is none
     */
    record Reading(List<ReadResponse> responses, String rest) {
        List<ReadResponse> finals() {
            return responses.stream().filter(response -> !response.interim()).toList();
        }
    }

    /**
     * Reads everything that arrived on one connection.
     *
     * @param methods of the requests, in order; GET beyond them
     * @param ended whether the connection ended in order, which completes a response of unknown length
     */
    static Reading read(String text, List<String> methods, boolean ended) {
        List<ReadResponse> responses = new ArrayList<>();
        int at = 0;
        int answered = 0;
        while (at < text.length()) {
            String method = answered < methods.size() ? methods.get(answered) : "GET";
            ReadResponse response = readOne(text.substring(at), method, ended);
            if (response == null) {
                break;
            }
            responses.add(response);
            at += response.text().length();
            answered += response.interim() ? 0 : 1;
            if (response.status() == 101 || !response.complete()) {
                break;
            }
        }
        return new Reading(responses, text.substring(at));
    }

    private static @Nullable ReadResponse readOne(String text, String method, boolean ended) {
        int headEnd = text.indexOf("\r\n\r\n");
        if (headEnd < 0) {
            return null;
        }
        String[] lines = text.substring(0, headEnd).split("\r\n", -1);
        Matcher start = STATUS_LINE.matcher(lines[0]);
        if (!start.matches()) {
            return null;
        }
        int status = Integer.parseInt(start.group(1));
        List<Field> fields = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            Matcher field = FIELD_LINE.matcher(lines[i]);
            if (!field.matches()) {
                return null;
            }
            fields.add(Field.of(field.group(1), field.group(2)));
        }
        boolean bodiless = method.equals("HEAD") || status < 200 || status == 204 || status == 304;
        if (bodiless) {
            return new ReadResponse(status, fields, "", true, text.substring(0, headEnd + 4));
        }
        return withBody(status, fields, text, headEnd + 4, ended);
    }

    private static @Nullable ReadResponse withBody(
            int status, List<Field> fields, String text, int from, boolean ended) {
        List<String> encodings = Field.values(fields, "transfer-encoding");
        List<String> lengths = Field.values(fields, "content-length");
        try {
            Body body;
            if (!encodings.isEmpty()) {
                body = encodings.equals(List.of("chunked")) ? Body.ofChunks(text, from, false) : null;
            } else if (!lengths.isEmpty()) {
                body = Body.ofLength(text, from, Long.parseLong(lengths.get(0)));
            } else {
                body = ended ? new Body(text.substring(from), text.length()) : null;
            }
            return body == null
                    ? new ReadResponse(status, fields, text.substring(from), false, text)
                    : new ReadResponse(status, fields, body.content(), true, text.substring(0, body.end()));
        } catch (BrokenException | NumberFormatException ignored) {
            return new ReadResponse(status, fields, text.substring(from), false, text); // it never becomes complete
        }
    }
}
