package io.myelin.http;

import io.myelin.route.ListElements;
import io.myelin.route.Match;
import io.myelin.route.Regex;
import io.myelin.route.Regex.Found;
import io.myelin.route.TextCriterion;
import java.util.List;

/**
 * Changes the header fields of a message.
 *
 * <p>Those that say where the message ends or what becomes of the connection cannot be changed: whoever asks for it by
 * name gets an {@link IllegalArgumentException}, and rules that take in fields by a pattern pass over them.
 */
public interface HeaderEdit extends HttpAction {
    /** Puts one field in the place of all that have this name. */
    record Set(String name, Template value) implements HeaderEdit {
        public Set {
            FieldNames.requireWritable(name);
            FieldNames.requireValid(name, value);
        }

        @Override
        public Step apply(RuleRun run) {
            HeadWriter line = run.line();
            int valueStart = compose(name, value, run, line);
            return valueStart < 0 ? run.malformed() : replaceAll(name, line, valueStart, run);
        }
    }

    /** Adds a field behind those that are there. */
    record Add(String name, Template value) implements HeaderEdit {
        public Add {
            FieldNames.requireWritable(name);
            FieldNames.requireRepeatable(name);
        }

        @Override
        public Step apply(RuleRun run) {
            HeadWriter line = run.line();
            int valueStart = compose(name, value, run, line);
            return valueStart < 0 ? run.malformed() : run.append(line, name.length(), valueStart);
        }
    }

    /** Removes the fields whose names pass. */
    record Delete(TextCriterion names) implements HeaderEdit {
        /** Returns the action that removes the fields of that name, in any case. */
        public static Delete named(String name) {
            FieldNames.requireName(name);
            FieldNames.requireEditable(name);
            FieldNames.requireRepeatable(name);
            return new Delete(new TextCriterion.OneOf(Match.EXACT, true, List.of(name)));
        }

        @Override
        public Step apply(RuleRun run) {
            Fields fields = run.head().fields();
            for (int field = 0; field < fields.count(); field++) {
                boolean removable = fields.exists(field) && FieldNames.removable(fields.name(field));
                if (removable
                        && names.passes(run.text(fields.bytes(), fields.nameStart(field), fields.nameEnd(field)))) {
                    fields.remove(field);
                }
            }
            return Step.NEXT;
        }
    }

    /**
     * Replaces each value of a field that an expression matches.
     *
     * @param whole whether a value is that of a whole line, rather than one element of its list
     * @param replacement what the whole value becomes, also if only part of it was matched
     */
    record Replace(String name, Regex expression, Template replacement, boolean whole) implements HeaderEdit {
        public Replace {
            FieldNames.requireWritable(name);
        }

        @Override
        public Step apply(RuleRun run) {
            Fields fields = run.head().fields();
            int last = fields.count();
            boolean moved = false;
            // A field that changes moves to the end; those of its name that follow it do too, to keep their order.
            for (int field = fields.find(name); field >= 0 && field < last; field = fields.find(name, field + 1)) {
                HeadWriter line = run.line();
                int valueStart = composeName(name, line);
                boolean changed = whole ? writeWhole(fields, field, run, line) : writeList(fields, field, run, line);
                if (!line.isFieldValue(valueStart)) {
                    return run.malformed();
                }
                if (changed || moved) {
                    moved = true;
                    line.crlf();
                    fields.remove(field);
                    if (run.append(line, name.length(), valueStart) == Step.ANSWER) {
                        return Step.ANSWER;
                    }
                }
            }
            return Step.NEXT;
        }

        private boolean writeWhole(Fields fields, int field, RuleRun run, HeadWriter line) {
            return writeValue(fields.bytes(), fields.valueStart(field), fields.valueEnd(field), run, line);
        }

        private boolean writeList(Fields fields, int field, RuleRun run, HeadWriter line) {
            byte[] bytes = fields.bytes();
            int start = fields.valueStart(field);
            int length = fields.valueEnd(field) - start;
            CharSequence value = run.text(bytes, start, start + length);
            boolean changed = false;
            for (int from = 0; from <= length; ) {
                run.text(bytes, start, start + length);
                int end = ListElements.end(value, from);
                int first = ListElements.trimmedStart(value, from, end);
                int last = ListElements.trimmedEnd(value, first, end);
                line.bytes(bytes, start + from, start + first);
                changed |= writeValue(bytes, start + first, start + last, run, line);
                line.bytes(bytes, start + last, Math.min(start + length, start + end + 1));
                from = end + 1;
            }
            return changed;
        }

        private boolean writeValue(byte[] bytes, int from, int to, RuleRun run, HeadWriter line) {
            Found found = expression.find(run.subject(bytes, from, to));
            if (found == null) {
                line.bytes(bytes, from, to);
                return false;
            }
            run.found(found);
            replacement.write(run, line);
            return true;
        }
    }

    /** Writes the line of a field; returns where its value begins, -1 if that cannot be a value. */
    private static int compose(String name, Template value, RuleRun run, HeadWriter line) {
        int valueStart = composeName(name, line);
        value.write(run, line);
        if (!line.isFieldValue(valueStart)) {
            return -1;
        }
        line.crlf();
        return valueStart;
    }

    private static int composeName(String name, HeadWriter line) {
        line.text(name);
        line.one((byte) ':');
        line.one(Octets.SP);
        return line.length();
    }

    private static Step replaceAll(String name, HeadWriter line, int valueStart, RuleRun run) {
        Fields fields = run.head().fields();
        for (int field = fields.find(name); field >= 0; field = fields.find(name, field + 1)) {
            fields.remove(field);
        }
        return run.append(line, name.length(), valueStart);
    }
}
