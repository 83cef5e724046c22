package io.myelin.http;

import io.myelin.route.Regex;
import io.myelin.route.Regex.Found;

/**
 * Acts on whole lines of a head, as HAProxy's older directives do (manual of version 1.8, section 6). A line is
 * {@code Name: value} as it was received; the request line is one for rules that say so.
 */
public interface LineEdit extends HttpAction {
    /** Removes the fields whose lines an expression matches. */
    record Delete(Regex expression) implements LineEdit {
        @Override
        public Step apply(RuleRun run) {
            Fields fields = run.head().fields();
            for (int field = 0; field < fields.count(); field++) {
                if (removable(fields, field) && expression.matchesIn(line(run, fields, field))) {
                    fields.remove(field);
                }
            }
            return Step.NEXT;
        }
    }

    /** Replaces the lines that an expression matches, the request line included. */
    record Replace(Regex expression, Template replacement) implements LineEdit {
        @Override
        public Step apply(RuleRun run) {
            RequestHead request = run.request();
            if (request != null && replaceRequestLine(request, run) == Step.ANSWER) {
                return Step.ANSWER;
            }
            Fields fields = run.head().fields();
            int last = fields.count();
            for (int field = 0; field < last; field++) {
                Found found = editable(fields, field) ? expression.find(line(run, fields, field)) : null;
                if (found != null && replace(field, found, run) == Step.ANSWER) {
                    return Step.ANSWER;
                }
            }
            return Step.NEXT;
        }

        private Step replaceRequestLine(RequestHead request, RuleRun run) {
            HeadWriter line = run.line();
            request.writeRequestLine(line);
            int length = line.length() - 2;
            Found found = expression.find(run.subject(line.bytes(), 0, length));
            if (found == null) {
                return Step.NEXT;
            }
            HeadWriter replaced = run.newAnswer();
            run.found(found);
            replacement.write(run, replaced);
            return request.replaceRequestLine(replaced) ? Step.NEXT : run.malformed();
        }

        private Step replace(int field, Found found, RuleRun run) {
            HeadWriter line = run.line();
            run.found(found);
            replacement.write(run, line);
            int nameLength = nameLength(line);
            if (nameLength == 0 || !line.isFieldValue(nameLength)) {
                return run.malformed();
            }
            FieldName name = FieldName.of(line.bytes(), 0, nameLength);
            if (name.framing()) {
                return run.malformed();
            }
            Fields fields = run.head().fields();
            boolean wasHost = fields.name(field) == FieldName.HOST;
            if (wasHost != (name == FieldName.HOST)) {
                return run.malformed();
            }
            fields.remove(field);
            int valueStart = valueStart(line, nameLength + 1);
            line.crlf();
            return run.append(line, nameLength, valueStart);
        }

        /** Returns how long the name at the beginning of {@code line} is, 0 if there is none before a colon. */
        private static int nameLength(HeadWriter line) {
            int at = 0;
            while (at < line.length() && Octets.isToken(line.bytes()[at])) {
                at++;
            }
            return at < line.length() && line.bytes()[at] == ':' ? at : 0;
        }

        private static int valueStart(HeadWriter line, int from) {
            int at = from;
            while (at < line.length() && (line.bytes()[at] == Octets.SP || line.bytes()[at] == Octets.TAB)) {
                at++;
            }
            return at;
        }
    }

    /** Acts if an expression matches one of the lines, the request line or status line included. */
    record OnMatch(Regex expression, HttpAction action) implements LineEdit {
        @Override
        public Step apply(RuleRun run) {
            return matches(run) ? action.apply(run) : Step.NEXT;
        }

        private boolean matches(RuleRun run) {
            HeadWriter line = run.line();
            run.head().writeStartLine(line);
            if (expression.matchesIn(run.text(line.bytes(), 0, line.length() - 2))) {
                return true;
            }
            Fields fields = run.head().fields();
            for (int field = 0; field < fields.count(); field++) {
                if (fields.exists(field) && expression.matchesIn(line(run, fields, field))) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean removable(Fields fields, int field) {
        return fields.exists(field) && FieldNames.removable(fields.name(field));
    }

    /** Returns whether rules may put another line in the place of this one; Host stays Host. */
    private static boolean editable(Fields fields, int field) {
        return fields.exists(field) && !fields.name(field).framing();
    }

    private static CharSequence line(RuleRun run, Fields fields, int field) {
        return run.subject(fields.bytes(), fields.nameStart(field), fields.valueEnd(field));
    }
}
