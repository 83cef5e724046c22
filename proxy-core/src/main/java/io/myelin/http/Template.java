package io.myelin.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.route.ListElements;
import io.myelin.route.Regex.Found;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that is composed anew for each message.
 *
 * @param pieces written one after the other
 */
public record Template(List<Piece> pieces) {
    /** Part of a value. */
    public interface Piece {
        /** Writes what the piece comes to for the message of {@code run}: nothing that ends a line. */
        void write(RuleRun run, HeadWriter out);
    }

    public Template {
        pieces = List.copyOf(pieces);
    }

    /** Returns a value that is always {@code text}. */
    public static Template of(String text) {
        return new Template(List.of(new Literal(text)));
    }

    void write(RuleRun run, HeadWriter out) {
        for (int i = 0; i < pieces.size(); i++) {
            pieces.get(i).write(run, out);
        }
    }

    /** Returns the bytes of a value that is always the same, {@code null} if it is not. */
    byte @Nullable [] constant() {
        if (pieces.isEmpty()) {
            return new byte[0];
        }
        return pieces.size() == 1 && pieces.get(0) instanceof Literal literal ? literal.bytes : null;
    }

    /** A text. */
    public static final class Literal implements Piece {
        private final byte[] bytes;

        /**
         * @throws IllegalArgumentException if the text has a character that no header field may hold: it would end the
         *     line
         */
        public Literal(String text) {
            bytes = text.getBytes(UTF_8);
            if (Octets.endOfFieldValue(bytes, 0, bytes.length) != bytes.length) {
                throw new IllegalArgumentException("the value has a control character");
            }
        }

        @Override
        public void write(RuleRun run, HeadWriter out) {
            out.bytes(bytes);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Literal literal && Arrays.equals(bytes, literal.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return new String(bytes, UTF_8);
        }
    }

    /** What a group of the expression matched that the rule looks for. */
    public record Group(int number) implements Piece {
        @Override
        public void write(RuleRun run, HeadWriter out) {
            Found found = run.found();
            if (found != null) {
                out.text(found.group(number));
            }
        }
    }

    /**
     * A value that a header field of the message at hand has; nothing if it lacks that one.
     *
     * @param name of the field, in any case
     * @param whole whether a value is that of a whole line, rather than one element of its list
     * @param occurrence which value: 1 for the first, -1 for the last
     */
    public record Header(String name, boolean whole, int occurrence) implements Piece {
        public Header {
            if (occurrence == 0) {
                throw new IllegalArgumentException("values of header fields count from 1, or backwards from -1");
            }
        }

        @Override
        public void write(RuleRun run, HeadWriter out) {
            Fields fields = run.head().fields();
            int wanted = occurrence > 0 ? occurrence : count(run, fields) + 1 + occurrence;
            for (int field = fields.find(name); wanted > 0 && field >= 0; field = fields.find(name, field + 1)) {
                CharSequence value = value(run, fields, field);
                int here = whole ? 1 : ListElements.count(value);
                if (wanted <= here) {
                    writeElement(value, wanted, out);
                    return;
                }
                wanted -= here;
            }
        }

        private int count(RuleRun run, Fields fields) {
            int count = 0;
            for (int field = fields.find(name); field >= 0; field = fields.find(name, field + 1)) {
                count += whole ? 1 : ListElements.count(value(run, fields, field));
            }
            return count;
        }

        private static CharSequence value(RuleRun run, Fields fields, int field) {
            return run.text(fields.bytes(), fields.valueStart(field), fields.valueEnd(field));
        }

        private void writeElement(CharSequence value, int wanted, HeadWriter out) {
            if (whole) {
                out.text(value);
                return;
            }
            int from = 0;
            for (int i = 1; i < wanted; i++) {
                from = ListElements.end(value, from) + 1;
            }
            int end = ListElements.end(value, from);
            int start = ListElements.trimmedStart(value, from, end);
            out.text(value.subSequence(start, ListElements.trimmedEnd(value, start, end)));
        }
    }
}
