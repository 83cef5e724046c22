package io.myelin.benchmarks.conformance;

import io.myelin.benchmarks.conformance.Answers.Ending;
import io.myelin.benchmarks.conformance.Mention.Side;
import io.myelin.benchmarks.conformance.Refusal.Leeway;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The expectations of one case, as they are written. */
final class ExpectationLines {
    /*
     *   refused 400                        see Refusal; the specification leaves no choice
     *   refused 400, or repaired           it does, see Leeway
     *   refused 400, or repaired and closed
     *   refused 400, or tolerated
     *   refused any
     *   100? 200|201 [open|closed|cut|any] see Answers; open if nothing is said
     *   502 any, or 200|nothing            the same; 200 and no answer would be harmless
     *   member saw [exactly]               the next request that reached it; a message follows
     *   client got [exactly]               the next response; a message follows
     *   member requests N                  complete ones
     *   member connections N
     *   member|client has|lacks TEXT       see Mention
     *   should ...                         any of these, see Should
     */
    private static final String SHOULD = "should ";
    private static final Set<String> ENDINGS = Set.of("closed", "any");

    private final List<Check> checks = new ArrayList<>();
    private final StringBuilder message = new StringBuilder();
    private String open = "";
    private boolean recommended;
    private int memberSaw;
    private int clientGot;

    void begin(String words) {
        endMessage();
        recommended = words.startsWith(SHOULD);
        String expected = recommended ? words.substring(SHOULD.length()) : words;
        if (expected.startsWith("member saw") || expected.startsWith("client got")) {
            open = expected;
        } else {
            add(check(expected));
        }
    }

    private void add(Check check) {
        checks.add(recommended ? new Should(check) : check);
    }

    void message(String line) {
        message.append(MessageLine.decode(line));
    }

    private void endMessage() {
        boolean exactly = open.endsWith(" exactly");
        if (open.startsWith("member saw")) {
            add(new MemberSaw(++memberSaw, message.toString(), exactly));
        } else if (open.startsWith("client got")) {
            add(new ClientGot(++clientGot, message.toString(), exactly));
        }
        open = "";
        message.setLength(0);
    }

    List<Check> checks() {
        endMessage();
        List<Check> all = new ArrayList<>(checks);
        all.add(new Safety());
        return List.copyOf(all);
    }

    private static Check check(String words) {
        String[] word = words.split(" ", 3);
        if (word[0].equals("refused")) {
            return refusal(words.substring(8));
        }
        if (Character.isDigit(words.charAt(0)) || ENDINGS.contains(word[0].replace(",", ""))) {
            String[] either = words.split(", or ", -1);
            return answers(either[0].split(" ", -1), either.length > 1 ? either[1] : "");
        }
        Side side = Side.valueOf(word[0].toUpperCase(Locale.ROOT));
        return switch (word[1]) {
            case "has" -> new Mention(side, true, Escapes.decode(word[2]));
            case "lacks" -> new Mention(side, false, Escapes.decode(word[2]));
            case "requests" -> new Counts(Integer.parseInt(word[2]), -1);
            case "connections" -> new Counts(-1, Integer.parseInt(word[2]));
            default -> throw new IllegalArgumentException(words);
        };
    }

    private static Refusal refusal(String words) {
        String status = words.substring(0, 3);
        return switch (words.substring(3)) {
            case "" -> new Refusal(status, Leeway.NONE);
            case ", or repaired" -> new Refusal(status, Leeway.REPAIR);
            case ", or tolerated" -> new Refusal(status, Leeway.TOLERATE);
            case ", or repaired and closed" -> new Refusal(status, Leeway.REPAIR_AND_CLOSE);
            default -> throw new IllegalArgumentException(words);
        };
    }

    private static Answers answers(String[] words, String other) {
        List<String> statuses = new ArrayList<>(List.of(words));
        String last = statuses.get(statuses.size() - 1);
        if (Character.isDigit(last.charAt(0))) {
            return new Answers(List.copyOf(statuses), Ending.OPEN, other);
        }
        statuses.remove(statuses.size() - 1);
        return new Answers(List.copyOf(statuses), Ending.valueOf(last.toUpperCase(Locale.ROOT)), other);
    }
}
