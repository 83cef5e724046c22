package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Body.BrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests as a certain kind of server does.
 *
 * @param quirks where it is not strict; {@code null} for a server that refuses whatever RFC 9112 does not allow
 */
record RequestReader(@Nullable Set<Quirk> quirks) {
    /** Reads by the letter. */
    static final RequestReader STRICT = new RequestReader(null);

    /** Overlooks what it does not understand, as far as it can. */
    static final RequestReader PLAIN = new RequestReader(Set.of());

    private static final Pattern REQUEST_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+ [\\x21-\\x7e\\x80-\\xff]+ HTTP/1\\.[01]");
    private static final Pattern FIELD_LINE =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final int MOST_DIGITS = 18;

    /**
     * What became of a stream.
     *
     * @param requests the last one may be incomplete
     * @param broken whether the reader gave up on what follows them
     */
    record Reading(List<ReadRequest> requests, boolean broken) {
        List<ReadRequest> complete() {
            return requests.stream().filter(ReadRequest::complete).toList();
        }
    }

    /** Reads everything that arrived on one connection. */
    Reading read(String text) {
        List<ReadRequest> requests = new ArrayList<>();
        try {
            int at = skipEmptyLines(text, 0);
            while (at < text.length()) {
                ReadRequest request = readOne(text, at);
                if (request == null) {
                    return new Reading(requests, false);
                }
                requests.add(request);
                if (!request.complete()) {
                    return new Reading(requests, false);
                }
                at = skipEmptyLines(text, at + request.text().length());
            }
            return new Reading(requests, false);
        } catch (BrokenException ignored) {
            return new Reading(requests, true); // the result says it
        }
    }

    private static int skipEmptyLines(String text, int from) {
        int at = from;
        while (text.startsWith("\r\n", at)) {
            at += 2;
        }
        return at;
    }

    private boolean is(Quirk quirk) {
        return quirks != null && quirks.contains(quirk);
    }

    private boolean strict() {
        return quirks == null;
    }

    /** Returns the request at {@code from}, {@code null} if its head does not end. */
    private @Nullable ReadRequest readOne(String text, int from) throws BrokenException {
        List<String> lines = new ArrayList<>();
        int at = from;
        while (true) {
            int end = endOfLine(text, at);
            if (end < 0) {
                return null;
            }
            String line = trimEnd(text.substring(at, end));
            at = end;
            if (line.isEmpty()) {
                break;
            }
            lines.add(line);
        }
        return withBody(lines, text, from, at);
    }

    private ReadRequest withBody(List<String> lines, String text, int from, int headEnd) throws BrokenException {
        String[] start = lines.isEmpty() ? new String[0] : lines.get(0).split(" ", -1);
        if (start.length < 2 || (strict() && !REQUEST_LINE.matcher(lines.get(0)).matches())) {
            throw new BrokenException();
        }
        List<Field> fields = fields(lines.subList(1, lines.size()));
        Body body = body(fields, text, headEnd);
        int end = body == null ? text.length() : body.end();
        return new ReadRequest(
                start[0], start[1], fields, body == null ? null : body.content(), text.substring(from, end));
    }

    /** Returns the position after the line that begins at {@code from}, -1 if it does not end. */
    private int endOfLine(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                return i + 2;
            }
            if ((c == '\n' && is(Quirk.LINE_FEED_ENDS_LINES))
                    || (c == '\r' && i + 1 < text.length() && is(Quirk.RETURN_ENDS_LINES))) {
                return i + 1;
            }
        }
        return -1;
    }

    private String trimEnd(String line) {
        int end = line.length();
        while (end > 0 && (line.charAt(end - 1) == '\r' || line.charAt(end - 1) == '\n')) {
            end--;
        }
        int nul = is(Quirk.NUL_ENDS_TEXT) ? line.indexOf('\0') : -1;
        return line.substring(0, nul < 0 ? end : Math.min(nul, end));
    }

    private List<Field> fields(List<String> lines) throws BrokenException {
        List<Field> fields = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            boolean folded = line.startsWith(" ") || line.startsWith("\t");
            if (strict() && !FIELD_LINE.matcher(line).matches()) {
                throw new BrokenException();
            }
            if (folded && is(Quirk.FOLDED_LINES) && !fields.isEmpty()) {
                Field last = fields.remove(fields.size() - 1);
                fields.add(Field.of(last.name(), (last.value() + " " + line.strip()).strip()));
            } else if (colon > 0) {
                String name = line.substring(0, colon);
                String read = is(Quirk.LOOSE_NAMES) ? name.replaceAll("[\\x00-\\x20]", "") : name;
                fields.add(Field.of(read, stripBlanks(line.substring(colon + 1))));
            }
        }
        return fields;
    }

    private static String stripBlanks(String value) {
        return value.replaceAll("^[ \\t]+|[ \\t]+$", "");
    }

    private @Nullable Body body(List<Field> fields, String text, int from) throws BrokenException {
        List<String> encodings = Field.values(fields, "transfer-encoding");
        List<String> lengths = Field.values(fields, "content-length");
        if (strict()) {
            boolean fine = encodings.size() + lengths.size() <= 1
                    && encodings.stream().allMatch("chunked"::equalsIgnoreCase)
                    && lengths.stream().allMatch(length -> length.matches("[0-9]{1," + MOST_DIGITS + "}"));
            if (!fine) {
                throw new BrokenException();
            }
        }
        boolean lengthCounts = !lengths.isEmpty() && is(Quirk.LENGTH_WINS);
        if (!lengthCounts && encodings.stream().anyMatch(this::isChunked)) {
            return Body.ofChunks(text, from, is(Quirk.LOOSE_NUMBERS));
        }
        if (lengths.isEmpty()) {
            return new Body("", from);
        }
        long length = length(lengths.get(is(Quirk.LAST_FIELD_WINS) ? lengths.size() - 1 : 0));
        return Body.ofLength(text, from, Math.max(length, 0));
    }

    private boolean isChunked(String encoding) {
        return is(Quirk.LOOSE_ENCODINGS)
                ? encoding.toLowerCase(Locale.ROOT).contains("chunked")
                : encoding.equalsIgnoreCase("chunked");
    }

    private long length(String value) {
        if (is(Quirk.LOOSE_NUMBERS)) {
            return LooseNumber.read(value, 10);
        }
        return value.matches("[0-9]{1," + MOST_DIGITS + "}") ? Long.parseLong(value) : -1;
    }
}
