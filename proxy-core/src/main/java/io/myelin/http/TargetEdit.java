package io.myelin.http;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.route.Regex;
import io.myelin.route.Regex.Found;
import org.jspecify.annotations.Nullable;

/** Changes the request line. What comes of it must still be one; otherwise the request is refused. */
public interface TargetEdit extends HttpAction {
    /** A part of the request target. */
    enum Part {
        /** All up to the question mark. */
        PATH,
        /** All behind the question mark. */
        QUERY,
        /** Path and query. */
        TARGET
    }

    /** Puts {@code value} in the place of a part; an empty query takes the question mark with it. */
    record Set(Part part, Template value) implements TargetEdit {
        public Set {
            byte @Nullable [] constant = value.constant();
            if (part != Part.QUERY && constant != null && (constant.length == 0 || constant[0] != '/')) {
                throw new IllegalArgumentException("the value does not begin with /");
            }
            if (constant != null && Octets.endOfTarget(constant, 0, constant.length) != constant.length) {
                throw new IllegalArgumentException("the value has a character that no request target may have");
            }
        }

        @Override
        public Step apply(RuleRun run) {
            RequestHead request = run.request();
            if (request == null) {
                return Step.NEXT;
            }
            HeadWriter line = run.line();
            if (part == Part.QUERY) {
                line.text(request.path());
                line.one((byte) '?');
                int before = line.length();
                value.write(run, line);
                line.shorten(line.length() == before ? before - 1 : line.length());
            } else {
                value.write(run, line);
                if (part == Part.PATH) {
                    writeQuery(request, line);
                }
            }
            return replace(request, line, run);
        }
    }

    /**
     * Replaces path or target if an expression matches it.
     *
     * @param part not the query
     * @param replacement what the whole part becomes, also if only some of it was matched
     */
    record Replace(Part part, Regex expression, Template replacement) implements TargetEdit {
        @Override
        public Step apply(RuleRun run) {
            RequestHead request = run.request();
            Found found =
                    request == null ? null : expression.find(part == Part.PATH ? request.path() : request.target());
            if (request == null || found == null) {
                return Step.NEXT;
            }
            HeadWriter line = run.line();
            run.found(found);
            replacement.write(run, line);
            if (part == Part.PATH) {
                writeQuery(request, line);
            }
            return replace(request, line, run);
        }
    }

    /**
     * Takes the first characters off the path; what is left begins with a slash. Characters are counted as they came,
     * percent-encoded ones as three.
     *
     * @param length how many, at least 1; a path that is not longer becomes {@code /}
     */
    record Strip(int length) implements TargetEdit {
        public Strip {
            if (length < 1) {
                throw new IllegalArgumentException("strip: " + length + " (expected: >= 1)");
            }
        }

        @Override
        public Step apply(RuleRun run) {
            RequestHead request = run.request();
            if (request == null) {
                return Step.NEXT;
            }
            CharSequence path = request.path();
            boolean longer = path.length() > length;
            HeadWriter line = run.line();
            if (!longer || path.charAt(length) != '/') {
                line.one((byte) '/');
            }
            if (longer) {
                line.text(path.subSequence(length, path.length()));
            }
            writeFromQuestionMark(request.target(), line);
            return replace(request, line, run);
        }

        /** An empty query is none, but its question mark came, too. */
        private static void writeFromQuestionMark(CharSequence target, HeadWriter line) {
            for (int i = 0; i < target.length(); i++) {
                if (target.charAt(i) == '?') {
                    line.text(target.subSequence(i, target.length()));
                    return;
                }
            }
        }
    }

    /** Replaces the method, unless the response to it would be framed otherwise. */
    record SetMethod(String method) implements TargetEdit {
        public SetMethod {
            byte[] bytes = method.getBytes(US_ASCII);
            FieldNames.requireName(method);
            Method known = Method.of(bytes, 0, bytes.length);
            if (known == Method.HEAD || known == Method.CONNECT) {
                throw new IllegalArgumentException("the answer to " + method + " has another form");
            }
        }

        @Override
        public Step apply(RuleRun run) {
            RequestHead request = run.request();
            if (request != null && request.knownMethod() != Method.HEAD) {
                HeadWriter line = run.line();
                line.text(method);
                line.one(Octets.SP);
                request.setMethod(line);
            }
            return Step.NEXT;
        }
    }

    private static void writeQuery(RequestHead request, HeadWriter line) {
        CharSequence query = request.query();
        if (query.length() > 0) {
            line.one((byte) '?');
            line.text(query);
        }
    }

    private static Step replace(RequestHead request, HeadWriter target, RuleRun run) {
        return request.setTarget(target) ? Step.NEXT : run.malformed();
    }
}
