package io.myelin.route;

import java.util.List;

/** A yes-or-no question about one text. Immutable. */
public interface TextCriterion {
    /** Passes whatever there is, the empty text included. */
    TextCriterion PRESENT = text -> true;

    boolean passes(CharSequence text);

    /** Passes if the text matches one of {@code texts}. */
    record OneOf(Match match, boolean ignoreCase, List<String> texts) implements TextCriterion {
        public OneOf {
            texts = texts.stream().map(match::prepare).toList();
        }

        @Override
        public boolean passes(CharSequence text) {
            for (int i = 0; i < texts.size(); i++) {
                if (match.test(text, text.length(), texts.get(i), ignoreCase)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Passes if one of {@code expressions} matches somewhere in the text. */
    record Like(List<Regex> expressions) implements TextCriterion {
        public Like {
            expressions = List.copyOf(expressions);
        }

        @Override
        public boolean passes(CharSequence text) {
            for (int i = 0; i < expressions.size(); i++) {
                if (expressions.get(i).matchesIn(text)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Passes if the text has one of these lengths. */
    record OfLength(Numbers lengths) implements TextCriterion {
        @Override
        public boolean passes(CharSequence text) {
            return lengths.contains(text.length());
        }
    }

    /** Passes if the text is a whole number, of at most 18 digits, that is one of these. */
    record AsNumber(Numbers numbers) implements TextCriterion {
        private static final int MOST_DIGITS = 18;

        @Override
        public boolean passes(CharSequence text) {
            boolean negative = text.length() > 0 && text.charAt(0) == '-';
            int digits = negative ? 1 : 0;
            if (text.length() == digits || text.length() - digits > MOST_DIGITS) {
                return false;
            }
            long number = 0;
            for (int i = digits; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c < '0' || c > '9') {
                    return false;
                }
                number = number * 10 + (c - '0');
            }
            return numbers.contains(negative ? -number : number);
        }
    }
}
