package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Act.Kind;
import io.myelin.benchmarks.conformance.Reply.Part;
import io.myelin.benchmarks.conformance.Reply.Trigger;
import java.util.ArrayList;
import java.util.List;

/** Makes a case of its lines. */
final class CaseBuilder {
    private final String category;
    private final List<String> lines;
    private final ActLines client = new ActLines();
    private final List<Reply> replies = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private final ExpectationLines expectations = new ExpectationLines();
    private ActLines acts = new ActLines();
    private Trigger trigger = Trigger.REQUEST;
    private String name = "";

    CaseBuilder(String category, List<String> lines) {
        this.category = category;
        this.lines = lines;
    }

    /**
     * Returns the case.
     *
     * @throws IllegalArgumentException if a line cannot be understood; the message names it
     */
    ConformanceCase build() {
        for (String line : lines) {
            try {
                add(line);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(category + ": " + name + ": " + line, e);
            }
        }
        endReply();
        return new ConformanceCase(category, name, client.acts(), replies, expectations.checks());
    }

    private void add(String line) {
        String rest = line.length() > 2 ? line.substring(2) : "";
        switch (line.charAt(0)) {
            case '#' -> name = line.substring(3);
            case '>' -> client.message(rest);
            case '<' -> acts.message(rest);
            case '=' -> expectations.begin(rest);
            case '|' -> expectations.message(rest);
            default -> {
                if (line.startsWith("client ")) {
                    client.directive(line.substring(7));
                } else if (line.startsWith("member ")) {
                    member(line.substring(7));
                } else {
                    throw new IllegalArgumentException("expected: #, >, <, =, |, client, member or with");
                }
            }
        }
    }

    private void member(String words) {
        switch (words) {
            case "on connection" -> endPart(Trigger.CONNECTION);
            case "on head" -> endPart(Trigger.HEAD);
            case "on expectation" -> endPart(Trigger.EXPECTATION);
            case "on request" -> endPart(Trigger.REQUEST);
            case "then" -> endReply();
            default -> acts.directive(words);
        }
    }

    private void endPart(Trigger next) {
        if (!acts.isEmpty()) {
            parts.add(new Part(trigger, acts.acts()));
            acts = new ActLines();
        }
        trigger = next;
    }

    private void endReply() {
        endPart(Trigger.REQUEST);
        if (!parts.isEmpty()) {
            replies.add(new Reply(List.copyOf(parts)));
            parts.clear();
        }
    }

    /** The acts of one side, as they are written. */
    private static final class ActLines {
        private final List<Act> acts = new ArrayList<>();
        private final StringBuilder message = new StringBuilder();
        private int pieceBytes;

        boolean isEmpty() {
            return acts.isEmpty() && message.length() == 0;
        }

        void message(String line) {
            message.append(MessageLine.decode(line));
        }

        void directive(String words) {
            if (words.equals("byte by byte")) {
                endMessage();
                pieceBytes = 1;
            } else if (words.startsWith("in pieces of ")) {
                endMessage();
                pieceBytes = Integer.parseInt(words.substring(13));
            } else {
                endMessage();
                acts.add(act(words));
            }
        }

        private static Act act(String words) {
            if (words.matches("awaits [0-9]+ responses?")) {
                return new Act(Kind.AWAIT_RESPONSES, "", Integer.parseInt(words.split(" ", -1)[1]));
            }
            if (words.startsWith("awaits ")) {
                return new Act(Kind.AWAIT_TEXT, Escapes.decode(words.substring(7)), 0);
            }
            return switch (words) {
                case "waits for the member" -> Act.of(Kind.AWAIT_MEMBER);
                case "pauses" -> Act.of(Kind.PAUSE);
                case "ends its output" -> Act.of(Kind.END_OUTPUT);
                case "closes" -> Act.of(Kind.CLOSE);
                case "resets" -> Act.of(Kind.RESET);
                case "holds" -> Act.of(Kind.HOLD);
                default -> throw new IllegalArgumentException(words);
            };
        }

        private void endMessage() {
            if (message.length() > 0) {
                acts.add(new Act(Kind.SEND, message.toString(), pieceBytes));
                message.setLength(0);
                pieceBytes = 0;
            }
        }

        List<Act> acts() {
            endMessage();
            return List.copyOf(acts);
        }
    }
}
